# METADATA
# title: Enum value is one that Gloo can read
# description: |
#   The CRDs take any text and any number for a fallback policy, a selector's operator, a redirect's response code and
#   many options. Gloo knows a few; at any other text it can't read the object, and takes no change of any object of its
#   kind.
# custom:
#   subjects: [routes, backend]
#   dialects: [gloo]
#   mode: deny
package policy.rules["enum-known"]

# Facts are made in policy/judge/backend.go, table.go: enums.

findings contains {"field": e.field, "message": message, "fix": fix} if {
	some e in input.enums
	message := sprintf("%q must be one of %s", [e.value, concat(", ", e.names)])
	fix := remedy(e)
}

remedy(e) := sprintf("write %s", [e.meant]) if e.meant

remedy(e) := sprintf("write one of these, or remove it: Gloo then takes %s", [e.names[0]]) if not e.meant
