package aviary

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
)

// readyTimeout is generous, because the machine may be busy.
const readyTimeout = time.Minute

// waitReady waits until Aviary is ready or the process ends.
func (i *Instance) waitReady(ctx context.Context) error {
	var last error
	err := wait.PollUntilContextTimeout(ctx, 200*time.Millisecond, readyTimeout, true,
		func(ctx context.Context) (bool, error) {
			if !i.Alive() {
				return false, fmt.Errorf("aviary exited; the end of its log:\n%s", i.LogTail(10))
			}
			last = i.Ready(ctx)
			return last == nil, nil
		})
	if wait.Interrupted(err) {
		return fmt.Errorf("wait for Aviary to be ready: %w; the end of its log:\n%s", errors.Join(err, last),
			i.LogTail(10))
	}
	return err
}

// Ready asks /readyz once. The error says why Aviary isn't ready.
func (i *Instance) Ready(ctx context.Context) error {
	_, err := get(ctx, "http://"+i.health+"/readyz?verbose")
	return err
}

// get returns the body of a URL, or an error if the status is not 200.
func get(ctx context.Context, url string) (body []byte, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close() //nolint:errcheck // because all was read that is wanted.
	if body, err = io.ReadAll(response.Body); err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %s", url, response.Status, body)
	}
	return body, err
}
