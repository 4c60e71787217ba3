//! The sizes of layers that look at neighbourhoods, checked once, so that no kernel need check them.

mod conv;
mod pool;

pub use conv::{Conv2dGeometry, Conv2dOptions};
pub use pool::{PoolGeometry, Window};
