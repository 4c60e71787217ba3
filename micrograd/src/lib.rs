//! Part I: a scalar that knows its gradient, and the neurons built from it.
