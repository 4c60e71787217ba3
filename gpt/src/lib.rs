//! Part IV: language models, from counting pairs of letters to a GPT.
