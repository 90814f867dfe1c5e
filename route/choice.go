package route

// Choice is a place where exactly one of some alternatives must be set, and none or several are.
type Choice struct {
	// Field is the path of the object that holds the alternatives.
	Field string
	Of    Alternatives
	// Set are the alternatives that are set, as paths below Field.
	Set []string
}

// Alternatives names what is chosen between.
type Alternatives string

// What a route, a matcher, a destination and a backend are made of.
const (
	Actions          Alternatives = "action"
	Paths            Alternatives = "path"
	DestinationKinds Alternatives = "destination"
	BackendTypes     Alternatives = "backend"
)
