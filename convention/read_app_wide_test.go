package convention_test

import (
	"testing"
)

func TestReadAppWide(t *testing.T) {
	t.Parallel()
	testRead(t, map[string]readCase{
		"Port": {"the highest", "", map[string]string{"port": "65535"}, nil},
		"PortZero": {"none", "", map[string]string{"port": "0"}, []string{
			at + `port]: "0" must be a whole number from 1 to 65535; for example "80"`,
		}},
		"PortOne": {"the lowest", "", map[string]string{"port": "1"}, nil},
		"PortHigh": {"16 bits", "", map[string]string{"port": "65536"}, []string{
			at + `port]: "65536" must be a whole number from 1 to 65535; for example "80"`,
		}},
		"PortHuge": {"no overflow", "", map[string]string{"port": "99999999999999999999"}, []string{
			at + `port]: "99999999999999999999" must be a whole number from 1 to 65535; for example "80"`,
		}},
		"TargetPort":     {"a number", "", map[string]string{"target-port": "8080"}, nil},
		"TargetPortName": {"a name", "", map[string]string{"target-port": "http"}, nil},
		"TargetPortBad": {"neither", "", map[string]string{"target-port": "HTTP_1"}, []string{
			at + `target-port]: "HTTP_1" must be a number from 1 to 65535 or the name of a container port; for example "8080"`,
		}},
		"APIGroup": {"a label value", "", map[string]string{"api-group": "example"}, nil},
		"APIGroupEmpty": {"selects nothing", "", map[string]string{"api-group": ""}, []string{
			at + `api-group]: "" must not be empty; for example example`,
		}},
		"APIGroupList": {"the Namespace lists, the app picks", "", map[string]string{"api-group": "a,b"}, []string{
			at + `api-group]: "a,b" must be a label value: a valid label must be an empty string or consist of ` +
				`alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character ` +
				`(e.g. 'MyValue',  or 'my_value',  or '12345', ` +
				`regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?'); for example example`,
		}},
		"Use": {"both", "", map[string]string{"use": "service,upstream"}, nil},
		"UseOther": {"nothing else is used", "", map[string]string{"use": "service,gateway"}, []string{
			at + `use]: "service,gateway" must be service, upstream or both; for example service,upstream`,
		}},
		"Ungated": {"as Kubernetes writes booleans", "", map[string]string{"ungated": "true"}, nil},
		"UngatedYes": {"YAML 1.1's yes", "", map[string]string{"ungated": "yes"}, []string{
			at + `ungated]: "yes" must be "true" or "false"; remove it, or quote the value`,
		}},
	})
}
