use super::palette::Rgb;

/// Encodes pixels, row by row from the top, as a PNG file.
pub(super) fn png(width: usize, pixels: &[Rgb]) -> Vec<u8> {
    let mut file = Vec::new();
    let height = pixels.len() / width.max(1);
    // Writing to memory cannot fail, and a picture is never empty: `Tile` and `Grid` see to that.
    let _ = write(&mut file, width as u32, height as u32, pixels.as_flattened());
    file
}

fn write(file: &mut Vec<u8>, width: u32, height: u32, rgb: &[u8]) -> Result<(), png::EncodingError> {
    let mut encoder = png::Encoder::new(file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    encoder.write_header()?.write_image_data(rgb)
}
