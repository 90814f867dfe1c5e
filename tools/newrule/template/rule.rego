# METADATA
# title: <<.Title>>
# description: |
#   What must hold, and why, in one paragraph for people who read a denial. This one says that an app has no more than
#   maxVersions versions, since nobody tells apart what many of them do.
# custom:
#   subjects: [deployment]
#   mode: <<.Mode>>
#   params:
#     maxVersions: {default: 20, minimum: 1, maximum: 1000, description: How many versions an app may have}
package policy.rules["<<.Name>>"]

# Facts are made in policy/judge/describe.go: app.

findings contains {"field": field, "message": message, "fix": fix} if {
	app := input.app
	versions := [v.version | some v in app.versions]
	count(versions) > max_versions
	field := "metadata.annotations[aviary.dev/version]"
	message := sprintf("app %s has %d versions (%s), must have at most %d", [
		app.name,
		count(versions),
		concat(", ", versions),
		max_versions,
	])
	fix := "delete the Deployment of a version that gets no traffic"
}

max_versions := data.params["<<.Name>>"].maxVersions
