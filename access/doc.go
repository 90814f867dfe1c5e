// Package access asks the API server who may do what: the authors of Deployments, for whom Aviary
// acts ([Reviews]), and Aviary itself ([Own]).
package access
