//! Part IV: language models, from counting pairs of letters to a GPT.
//!
//! | module | what is there |
//! |---|---|
//! | [`corpus`], [`book`](mod@book) | what there is to read: names, or a text, such as that of this book |
//! | [`examples`] | sequences of characters, as numbers, on their way into a batch |
//! | [`bigram`] | counting which character follows which |
//! | [`model`] | the GPT: tables, blocks of attention, a score for each character |
//! | [`train`] | a step of its training, and the test after an epoch |
//! | [`generate`](mod@generate), [`write`](mod@write) | writing on, one character after another |
//! | [`settings`] | what a practical can be told, and what it chooses itself |
//! | [`practicals`] | the practicals themselves, and [`report`] what they show |
//!
//! Bigrams as a practical of their own, the multilayer perceptron of Bengio et al. (2003) and recurrent networks are to
//! come.

pub mod bigram;
pub mod book;
pub mod corpus;
pub mod examples;
pub mod generate;
pub mod model;
pub mod practicals;
pub mod report;
pub mod settings;
pub mod train;
pub mod write;
