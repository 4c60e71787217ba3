//! Part III: convolutional networks, from one filter to ResNets.
