package input

// Size is how large a table is.
type Size struct {
	// Object names the table: "RouteTable echo/echo-routes". Field is what holds its routes, or what
	// people write for them.
	Object string `json:"object"`
	Field  string `json:"field"`
	// Planned: Aviary would write it.
	Planned bool `json:"planned,omitempty"`
	// Destinations counts those of all routes; a route without any counts as one.
	Destinations int `json:"destinations"`
	// Bytes is the size of what Aviary would write, as JSON; absent for at most 512 KiB.
	Bytes Int `json:"bytes,omitzero"`
	// DestinationsBefore and BytesBefore are those before the request; absent where there was no
	// table, or none near a bound.
	DestinationsBefore Int `json:"destinationsBefore,omitzero"`
	BytesBefore        Int `json:"bytesBefore,omitzero"`
}
