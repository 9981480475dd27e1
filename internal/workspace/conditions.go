package workspace

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/pentoai/vectory/internal/catalog"
)

// parseConditions reads conditions on an experiment.
func parseConditions(text string) ([]catalog.Condition, error) {
	return catalog.ParseConditions(text, "params.lr<0.01 or model=resnet50")
}

// holds reports whether v, as it travels, fits every condition. A path that leads nowhere fits != only. Numbers are
// compared as numbers, everything else as text, in the order of its bytes: times are in order then.
func holds(v any, conditions []catalog.Condition) (bool, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return false, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var thing any
	if err := decoder.Decode(&thing); err != nil {
		return false, err
	}
	for _, c := range conditions {
		if !fits(c, thing) {
			return false, nil
		}
	}
	return true, nil
}

func fits(c catalog.Condition, thing any) bool {
	for _, key := range strings.Split(c.Name, ".") {
		object, ok := thing.(map[string]any)
		if !ok {
			return c.Op == "!="
		}
		if thing, ok = object[key]; !ok {
			return c.Op == "!="
		}
	}
	have := plain(thing)
	order := strings.Compare(have, c.Value)
	x, errX := strconv.ParseFloat(have, 64)
	y, errY := strconv.ParseFloat(c.Value, 64)
	if errX == nil && errY == nil {
		order = 0
		switch {
		case x < y:
			order = -1
		case x > y:
			order = 1
		}
	}
	switch c.Op {
	case "=":
		return order == 0
	case "!=":
		return order != 0
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	}
	return order >= 0
}

// plain is a JSON value as a person writes it.
func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(text)
}
