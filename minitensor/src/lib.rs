//! Part II: a tensor engine with automatic differentiation, layers, optimisers and data.
