import { allBodies } from './bodies.ts'
import { measureTimes } from './timing.ts'
const bodies = allBodies().filter(({name})=>['plain','rich','4 KB, 100'].includes(name))
for (const [b,t] of await measureTimes(bodies,{rounds:9,roundMs:60},()=>{})) console.log(b.name.padEnd(16),'floor',t.times.floor.toFixed(1),'call',t.times.call.toFixed(1),'ratio',t.ratios.call.toFixed(2))
