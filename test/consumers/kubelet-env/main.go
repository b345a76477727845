// Reads env files with the kubelet's own parser. Each line of standard input is the path of a file. The answer is
// {"value": the variable V in base64}, or {"error": why the kubelet would not start the container}.
//
// The parser imports only the standard library. Go does not look up unneeded modules, so this module can require Kubernetes
// without the `replace` directives for its staging modules, which Go would ignore here. kubelet-1.35.mod replaces go.mod for
// that version.
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

// read resolves a required reference as the kubelet does (`makeEnvironmentVariables`).
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
