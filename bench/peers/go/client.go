package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const pageSize = 100

type client struct {
	url, token, mesheryProvider, organizationID string
	http                                        *http.Client
}

func newClient(base, token, mesheryProvider, organizationID string) *client {
	return &client{
		strings.TrimRight(base, "/"), token, mesheryProvider, organizationID,
		&http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
	}
}

// organization is the one that was chosen: for a resource, else for the provider.
func (c *client) organization(chosen string) string {
	if chosen != "" {
		return chosen
	}
	return c.organizationID
}

// do sends one request and returns the status. A 404 is no error: whoever asked decides what it means.
func (c *client) do(ctx context.Context, method, path string, query url.Values, in, out any) (int, error) {
	var body io.Reader
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			return 0, err
		}
		body = bytes.NewReader(text)
	}
	address := c.url + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	request, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return 0, err
	}
	request.Header.Set("content-type", "application/json")
	request.AddCookie(&http.Cookie{Name: "token", Value: c.token})
	if c.mesheryProvider != "" {
		request.AddCookie(&http.Cookie{Name: "meshery-provider", Value: c.mesheryProvider})
	}
	response, err := c.http.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return response.StatusCode, err
	}
	if response.StatusCode >= 400 && response.StatusCode != http.StatusNotFound {
		return response.StatusCode, fmt.Errorf("%s %s: HTTP %d: %s", method, path, response.StatusCode, text)
	}
	if out != nil && response.StatusCode < 300 && len(text) > 0 {
		err = json.Unmarshal(text, out)
	}
	return response.StatusCode, err
}

type connectionRow struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Kind string `json:"kind"`
}

type connectionPage struct {
	Connections []connectionRow `json:"connections"`
	TotalCount  int             `json:"totalCount"`
}

// find reads a list of connections page by page until one fits; it gives nil where none does.
func (c *client) find(ctx context.Context, path string, query url.Values, fits func(connectionRow) bool) (*connectionRow, error) {
	query.Set("pagesize", strconv.Itoa(pageSize))
	seen := 0
	for page := 0; ; page++ {
		query.Set("page", strconv.Itoa(page))
		var listed connectionPage
		code, err := c.do(ctx, "GET", path, query, nil, &listed)
		if err != nil || code == http.StatusNotFound {
			return nil, err
		}
		for _, row := range listed.Connections {
			if fits(row) {
				return &row, nil
			}
		}
		seen += len(listed.Connections)
		if len(listed.Connections) == 0 || seen >= listed.TotalCount {
			return nil, nil
		}
	}
}
