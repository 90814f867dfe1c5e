// Package access asks the API server who may do what: the authors of Deployments, for whom Aviary
// acts ([Reviews]), and Aviary itself ([Own]).
//
//	user and right ──SubjectAccessReview──▶ yes or no
//	kinds that Aviary writes ──discovery, SelfSubjectAccessReview──▶ a line for each that it can't
package access
