// Does for a pod what Vault does. HashiCorp's own injector reads the annotations and adds its containers. consul-template,
// which Vault Agent renders with, makes the files.
//
// Each line of standard input is {"inject": pod}, answered with {"patch": JSON Patch}, or {"render": the agent's
// configuration, "secrets": {path: data}}, answered with {"files": {path: content in base64}}. A failure is {"error"}.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"

	"github.com/hashicorp/consul-template/dependency"
	"github.com/hashicorp/consul-template/template"
	"github.com/hashicorp/vault-k8s/agent-inject/agent"
	corev1 "k8s.io/api/core/v1"
)

type request struct {
	Inject  *corev1.Pod
	Render  *agent.Config
	Secrets map[string]map[string]any
}

type answer struct {
	Patch json.RawMessage   `json:"patch,omitempty"`
	Files map[string][]byte `json:"files,omitempty"`
	Error string            `json:"error,omitempty"`
}

func main() {
	in := json.NewDecoder(bufio.NewReader(os.Stdin))
	// As Vault's client reads secrets (`api.ParseSecret`).
	in.UseNumber()
	out := json.NewEncoder(os.Stdout)
	for in.More() {
		var asked request
		if err := in.Decode(&asked); err != nil {
			log.Fatal(err)
		}
		if err := out.Encode(answerTo(asked)); err != nil {
			log.Fatal(err)
		}
	}
}

func answerTo(asked request) (done answer) {
	var err error
	if asked.Inject != nil {
		done.Patch, err = inject(asked.Inject)
	} else {
		done.Files, err = render(asked.Render, asked.Secrets)
	}
	if err != nil {
		done.Error = err.Error()
	}
	return done
}

// inject changes a pod as the injector's handler does (vault-k8s, `Handler.Mutate`).
func inject(pod *corev1.Pod) ([]byte, error) {
	should, err := agent.ShouldInject(pod)
	if err != nil || !should {
		return nil, errors.Join(errors.New("the injector leaves this pod alone"), err)
	}
	config := agent.AgentConfig{
		Address:         "https://vault:8200",
		AuthPath:        "auth/kubernetes",
		Namespace:       pod.Namespace,
		DefaultTemplate: agent.DefaultTemplateType,
	}
	if err := agent.Init(pod, config); err != nil {
		return nil, err
	}
	injected, err := agent.New(pod)
	if err != nil {
		return nil, err
	}
	if err := injected.Validate(); err != nil {
		return nil, err
	}
	return injected.Patch()
}

func render(config *agent.Config, secrets map[string]map[string]any) (map[string][]byte, error) {
	brain := template.NewBrain()
	for path, data := range secrets {
		query, err := dependency.NewVaultReadQuery(path)
		if err != nil {
			return nil, err
		}
		brain.Remember(query, &dependency.Secret{Data: data})
	}
	files := map[string][]byte{}
	for _, one := range config.Templates {
		made, err := template.NewTemplate(&template.NewTemplateInput{
			Contents:      one.Contents,
			Destination:   one.Destination,
			ErrMissingKey: one.ErrMissingKey,
			LeftDelim:     one.LeftDelim,
			RightDelim:    one.RightDelim,
		})
		if err != nil {
			return nil, err
		}
		result, err := made.Execute(&template.ExecuteInput{Brain: brain})
		if err != nil {
			return nil, err
		}
		if missing := result.Missing.List(); len(missing) > 0 {
			return nil, fmt.Errorf("Vault has no %s", missing[0])
		}
		// An empty file would be null in JSON.
		files[one.Destination] = append([]byte{}, result.Output...)
	}
	return files, nil
}
