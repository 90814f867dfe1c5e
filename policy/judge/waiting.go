package judge

import "aviary.dev/convention"

// untilHandedOver returns the app as Aviary writes it while the declared primary waits to take over; the app itself if
// nobody waits. Who judges can't know for how long a version has been available, so it is taken to be new.
func untilHandedOver(app *convention.App) *convention.App {
	return app.HandedOver(func(*convention.Version) bool { return false })
}

// written are the apps of which Aviary writes siblings after the request: the one that is declared, and the one that
// holds until the hand-over.
func written(app *convention.App) []*convention.App {
	if now := untilHandedOver(app); now != app {
		return []*convention.App{app, now}
	}
	return []*convention.App{app}
}
