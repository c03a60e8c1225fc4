//go:build race || tccallback_gc

package tccallback_test

// raceOrGC tells whether this build allocates more than a user's.
const raceOrGC = true
