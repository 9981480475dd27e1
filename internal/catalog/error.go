package catalog

import (
	"errors"
	"fmt"
)

// Code says what kind of failure an [Error] is. There are few on purpose: a caller branches on the
// code, a person reads the message. Each has one HTTP status (server/errors.go) and one Python
// exception (client-python/vectory/_errors.py).
type Code string

// The codes.
const (
	Invalid      Code = "invalid"      // the request or its data cannot be accepted as it is
	Unauthorized Code = "unauthorized" // no token, or a wrong one
	Forbidden    Code = "forbidden"    // a foreign Host or Origin
	NotFound     Code = "not_found"    // nothing has that name
	Conflict     Code = "conflict"     // the name is taken by other content, or something depends on it
	TooLarge     Code = "too_large"    // over a stated limit
	Canceled     Code = "canceled"     // stopped on request
	Internal     Code = "internal"     // our fault; the log has the details
	Unavailable  Code = "unavailable"  // not now: starting, stopping, or a service is down
	NoSpace      Code = "no_space"     // the disk is full
)

// Error is the one error type that crosses rooms. Message says what is wrong and where ("row 17,
// column 3 is NaN"); Hint says what to do. Err is the cause, for the log only.
type Error struct {
	Code    Code
	Op      string // the verb that failed, e.g. "add space"; may be empty
	Message string
	Hint    string
	Err     error
}

// Error implements error. The hint is not part of it: doors print it on a line of its own.
func (e *Error) Error() string {
	if e.Op != "" {
		return e.Op + ": " + e.Message
	}
	return e.Message
}

// Unwrap gives the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an [Error] with a code and a formatted message. A %w verb sets the cause.
func Errorf(code Code, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Code: code, Message: err.Error(), Err: errors.Unwrap(err)}
}

// WithHint sets what the reader should do and returns e.
func (e *Error) WithHint(format string, args ...any) *Error {
	e.Hint = fmt.Sprintf(format, args...)
	return e
}

// CodeOf gives the code of the first [Error] in err's chain, [Internal] when there is none, and ""
// for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}
