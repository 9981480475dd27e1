package workspace

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
)

func TestConditionsFitWhatTheySay(t *testing.T) {
	e := catalog.Experiment{Name: "net", CreatedAt: time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC), Model: "resnet50", Params: json.RawMessage(`{"lr":0.005,"opt":{"name":"adam","betas":[0.9,0.99]},"deep":true,"note":"10"}`)}
	for text, want := range map[string]bool{
		"params.lr<0.01": true, "params.lr<0.005": false, "params.lr<=0.005": true, "params.lr=5e-3": true, "params.lr!=0.005": false,
		"model=resnet50": true, "model=resnet": false, "model!=resnet": true, "model<z": true, "model<a": false, "created_at>2026-11": false, "created_at<2026-11-27": true,
		"params.opt.name=adam": true, "params.opt.name='adam'": true, "params.opt.name=sgd": false, "params.opt.eps=1": false, "params.opt.eps!=1": true,
		"params.deep=true": true, "params.note>9": true, "params.note!='<9'": true, "train_dataset=null": true, "params.opt.betas=[0.9,0.99]": false, // a comma parts conditions
		"params.lr>0.001, model=resnet50": true, "params.lr>0.001, model=x": false, "": true, "name.deeper=1": false,
	} {
		conditions, err := parseConditions(text)
		if text == "params.opt.betas=[0.9,0.99]" {
			if err == nil {
				t.Errorf("%q is read", text)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if got, err := holds(e, conditions); err != nil || got != want {
			t.Errorf("%q: %t, %v", text, got, err)
		}
	}
	for _, text := range []string{"lr", "=3", "a!3", "a==3", "a<<1", "a=<1", "a<=>1", "a<>1"} {
		if _, err := parseConditions(text); catalog.CodeOf(err) != catalog.Invalid {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzConditions(f *testing.F) {
	f.Add("params.lr<0.01, model=resnet50")
	f.Add("a.b.c!=\"x\"")
	f.Fuzz(func(t *testing.T, text string) {
		conditions, err := parseConditions(text)
		if err != nil {
			return
		}
		if _, err := holds(catalog.Experiment{Params: json.RawMessage(`{"a":{"b":1}}`)}, conditions); err != nil {
			t.Error(err)
		}
	})
}
