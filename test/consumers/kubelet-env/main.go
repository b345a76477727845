// Reads env files by the kubelet's own parser. Each line of standard input is the path of a file; it is answered by
// {"value": the variable V in base64}, or {"error": why the kubelet would not start the container}.
//
// The parser imports the standard library alone. A module that is not needed is not looked up, so Kubernetes can be required
// without the `replace` directives for its staging modules, which Go would ignore here. kubelet-1.35.mod takes the place of go.mod for that version.
package main

import (
	"bufio"
	"encoding/json"
	"log"
	"os"

	"k8s.io/kubernetes/pkg/kubelet/util/env"
)

type answer struct {
	Value []byte `json:"value,omitempty"`
	Error string `json:"error,omitempty"`
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	for in.Scan() {
		if err := out.Encode(read(in.Text())); err != nil {
			log.Fatal(err)
		}
	}
}

// read does what the kubelet does with a reference that is not optional (`makeEnvironmentVariables`).
func read(path string) answer {
	value, err := env.ParseEnv(path, "V")
	if err != nil {
		return answer{Error: err.Error()}
	}
	if value == "" {
		return answer{Error: "environment variable key not found"}
	}
	return answer{Value: []byte(value)}
}
