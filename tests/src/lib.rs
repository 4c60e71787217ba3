//! What the exercises stand on: how a solutions file is read, and how an answer is judged.

pub mod exercise;
