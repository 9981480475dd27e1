package catalog

import "strings"

// Condition is one of "params.lr<0.01, model=resnet50": a name, =, !=, <, <=, > or >=, a value.
type Condition struct{ Name, Op, Value string }

// ParseConditions reads conditions that all must hold, several with commas. Quotes around a value go.
func ParseConditions(text, example string) ([]Condition, error) {
	var list []Condition
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		c, ok := parseCondition(part)
		if !ok {
			return nil, Errorf(Invalid, "%q is no condition", part).WithHint("for example %s; =, !=, <, <=, > or >=; several with commas", example)
		}
		list = append(list, c)
	}
	return list, nil
}

func parseCondition(part string) (Condition, bool) {
	at := strings.IndexAny(part, "=<>!")
	if at < 1 {
		return Condition{}, false
	}
	op := part[at : at+1]
	if op != "=" && at+1 < len(part) && part[at+1] == '=' {
		op += "="
	}
	value := strings.TrimSpace(part[at+len(op):])
	if value != "" && strings.ContainsAny(value[:1], "=<>!") { // an operator that is none, as == or <<; a value that begins so has quotes
		return Condition{}, false
	}
	return Condition{Name: strings.TrimSpace(part[:at]), Op: op, Value: strings.Trim(value, `"'`)}, op != "!"
}
