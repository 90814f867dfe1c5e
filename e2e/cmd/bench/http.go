package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// post sends a review, which must be allowed without a warning.
func post(ctx context.Context, client *http.Client, url, body string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close() //nolint:errcheck // because all was read.
	answer, err := io.ReadAll(response.Body)
	if err == nil && (!bytes.Contains(answer, []byte(`"allowed":true`)) ||
		bytes.Contains(answer, []byte(`"warnings"`))) {
		err = fmt.Errorf("%s must allow without a warning, says %s", url, answer)
	}
	return err
}

// created returns an error unless the API server has created the object without a warning.
func created(response *http.Response) error {
	defer response.Body.Close() //nolint:errcheck // because all was read.
	answer, err := io.ReadAll(response.Body)
	if err == nil && (response.StatusCode != http.StatusCreated || len(response.Header["Warning"]) > 0) {
		err = fmt.Errorf("%s: %s %s", response.Status, response.Header["Warning"], answer)
	}
	return err
}

// send creates an object.
func send(ctx context.Context, client *http.Client, url, body string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	return created(response)
}
