package node

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os/exec"
	"strconv"
	"strings"

	"github.com/pentoai/vectory/internal/catalog"
)

// container runs a node by docker or podman. The container is stopped and not removed, so that its data stay.
type container struct{ Node }

// findEngine gives the first engine that answers.
func findEngine(ctx context.Context) (string, error) {
	why := "there is no container engine (docker or podman)"
	for _, engine := range []string{"docker", "podman"} {
		if _, err := exec.LookPath(engine); err != nil {
			continue
		}
		if _, err := command(ctx, engine, "info"); err == nil {
			return engine, nil
		}
		why = engine + " is there and does not answer"
	}
	return "", catalog.Errorf(catalog.Unavailable, "%s, and no distribution of Elasticsearch is named", why).
		WithHint("unpack Elasticsearch 8.15 or later and name its folder: vectory elastic up --home DIR; or name any cluster by ELASTICSEARCH_URL")
}

// containerName tells the containers of several homes apart.
func containerName(home string) string {
	sum := sha256.Sum256([]byte(home))
	return "vectory-elasticsearch-" + hex.EncodeToString(sum[:4])
}

func command(ctx context.Context, engine string, args ...string) (string, error) {
	var out, said bytes.Buffer
	c := exec.CommandContext(ctx, engine, args...) //nolint:gosec // an engine that findEngine has named
	c.Stdout, c.Stderr = &out, &said
	if err := c.Run(); err != nil {
		text := strings.TrimSpace(said.String())
		return "", catalog.Errorf(catalog.Unavailable, "%s %s: %s", engine, args[0], first(text[strings.LastIndexByte(text, '\n')+1:], err.Error()))
	}
	return strings.TrimSpace(out.String()), nil
}

// check fetches the image, if it is not here yet: that takes as long as it takes.
func (c container) check(ctx context.Context, tell func(string)) error {
	if _, err := command(ctx, c.Engine, "image", "inspect", c.Image); err == nil {
		return nil
	}
	tell("fetching " + c.Image + ", once: some 700 MB")
	_, err := command(ctx, c.Engine, "pull", c.Image)
	var failed *catalog.Error
	if errors.As(err, &failed) {
		return failed.WithHint("name an image that can be fetched: --image; or unpack Elasticsearch 8.15 or later: vectory elastic up --home DIR")
	}
	return err
}

func (c container) start(ctx context.Context, home string) error {
	has, err := c.ours(ctx)
	if err != nil {
		return err
	}
	if has { // its port or memory may be other ones now; the data are in the volume
		if _, err := command(ctx, c.Engine, "rm", c.Container); err != nil {
			return err
		}
	}
	_, err = command(ctx, c.Engine, c.arguments(home)...)
	return err
}

// arguments of run: the port is open on 127.0.0.1 only, and vectory's indices are never made by a slip.
func (c container) arguments(home string) []string {
	args := []string{"run", "--detach", "--name", c.Container, "--label", "vectory.home=" + home,
		"--publish", "127.0.0.1:" + strconv.Itoa(c.Port) + ":9200", "--volume", c.Container + ":/usr/share/elasticsearch/data",
		"--env", "ES_JAVA_OPTS=-Xms" + c.Heap + " -Xmx" + c.Heap}
	for _, s := range append(settings(), "discovery.type: single-node", "ingest.geoip.downloader.enabled: false", "xpack.ml.enabled: false") {
		name, value, _ := strings.Cut(s, ": ")
		args = append(args, "--env", name+"="+value)
	}
	return append(args, c.Image)
}

// ours reports whether there is a container of that name; one that we did not make is left alone.
func (c container) ours(ctx context.Context) (bool, error) {
	names, err := command(ctx, c.Engine, "ps", "--all", "--filter", "name=^"+c.Container+"$", "--format", "{{.Names}}")
	if err != nil || names == "" {
		return false, err
	}
	label, err := command(ctx, c.Engine, "inspect", "--format", `{{index .Config.Labels "vectory.home"}}`, c.Container)
	if err == nil && label == "" {
		err = catalog.Errorf(catalog.Conflict, "the container %s was not made by vectory", c.Container).WithHint("rename it or remove it")
	}
	return err == nil, err
}

func (c container) running(ctx context.Context) bool {
	state, err := command(ctx, c.Engine, "inspect", "--format", `{{.State.Running}} {{index .Config.Labels "vectory.home"}}`, c.Container)
	return err == nil && strings.HasPrefix(state, "true /")
}

func (c container) stop(ctx context.Context) error {
	has, err := c.ours(ctx)
	if err == nil && has {
		_, err = command(ctx, c.Engine, "stop", "--time", "30", c.Container)
	}
	return err
}

func (c container) purge(ctx context.Context) error {
	has, err := c.ours(ctx)
	if err != nil || !has {
		return err
	}
	if _, err := command(ctx, c.Engine, "rm", c.Container); err != nil {
		return err
	}
	_, err = command(ctx, c.Engine, "volume", "rm", c.Container)
	return err
}
