use super::palette::Rgb;

/// Encodes pixels, row by row from the top, as a PNG file.
pub(super) fn png(width: usize, pixels: &[Rgb]) -> Vec<u8> {
    let mut file = Vec::new();
    let height = pixels.len() / width.max(1);
    // Writing to memory cannot fail, and a picture is never empty: `Tile` and `Grid` see to that.
    let _ = write(&mut file, width as u32, height as u32, pixels.as_flattened());
    file
}

/// The same picture, stored so much larger that its longer side has about `side` pixels: not every viewer keeps pixels
/// sharp when it enlarges them.
pub(super) fn enlarged(width: usize, pixels: &[Rgb], side: usize) -> Vec<u8> {
    let height = pixels.len() / width.max(1);
    let times = (side / width.max(height).max(1)).clamp(1, 32);
    let wide = width * times;
    let at = |i: usize| pixels[i / wide / times * width + i % wide / times];
    png(wide, &(0..wide * height * times).map(at).collect::<Vec<Rgb>>())
}

fn write(file: &mut Vec<u8>, width: u32, height: u32, rgb: &[u8]) -> Result<(), png::EncodingError> {
    let mut encoder = png::Encoder::new(file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    encoder.write_header()?.write_image_data(rgb)
}
