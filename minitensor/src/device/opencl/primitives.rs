//! The primitives, each handed to the file of its topic; the short ones, which move numbers, are here.

use super::{Grid, OpenClStorage, Source, arithmetic, index, matmul, reduce, source};
use crate::device::{ArgOp, BinaryOp, CompareOp, Kernels, ReduceOp, UnaryOp};
use crate::dtype::DType;
use crate::error::Result;
use crate::shape::Layout;

const COPY: Source = source!("copy");

impl Kernels for OpenClStorage {
    fn cast(&self, layout: &Layout, dtype: DType) -> OpenClStorage {
        let name = match dtype {
            DType::F32 => "cast_f32",
            DType::F64 => "cast_f64",
            DType::I64 => "cast_i64",
            DType::U8 => "cast_u8",
        };
        let (out, grid) = (self.result(layout.numel(), dtype), Grid::new([layout]));
        self.kernel(&COPY, name).size(out.numel).grid(&grid).buffer(self).buffer(&out).over(out.numel);
        out
    }

    fn contiguous(&self, layout: &Layout) -> OpenClStorage {
        let (out, grid) = (self.like(layout.numel()), Grid::new([layout]));
        self.kernel(&COPY, "pack").size(out.numel).grid(&grid).buffer(self).buffer(&out).over(out.numel);
        out
    }

    fn write(&mut self, to: &Layout, source: &OpenClStorage, from: &Layout) {
        let (n, grid) = (to.numel(), Grid::new([to, from]));
        self.kernel(&COPY, "write_grid").size(n).grid(&grid).buffer(source).buffer(self).over(n);
    }

    fn unary(&self, op: UnaryOp, layout: &Layout) -> OpenClStorage {
        arithmetic::unary(self, op, layout)
    }

    fn binary(
        &self,
        op: BinaryOp,
        layout: &Layout,
        rhs: &OpenClStorage,
        rhs_layout: &Layout,
    ) -> OpenClStorage {
        arithmetic::binary(op, (self, layout), (rhs, rhs_layout))
    }

    fn compare(
        &self,
        op: CompareOp,
        layout: &Layout,
        rhs: &OpenClStorage,
        rhs_layout: &Layout,
    ) -> OpenClStorage {
        arithmetic::compare(op, (self, layout), (rhs, rhs_layout))
    }

    fn where_cond(
        &self,
        layout: &Layout,
        a: &OpenClStorage,
        a_layout: &Layout,
        b: &OpenClStorage,
        b_layout: &Layout,
    ) -> OpenClStorage {
        let (out, grid) = (a.like(layout.numel()), Grid::new([layout, a_layout, b_layout]));
        let launch = a.kernel(&COPY, "where_mask").size(out.numel).grid(&grid);
        launch.buffer(self).buffer(a).buffer(b).buffer(&out).over(out.numel);
        out
    }

    fn reduce(&self, op: ReduceOp, layout: &Layout, dims: &[usize]) -> OpenClStorage {
        reduce::reduce(self, op, layout, dims)
    }

    fn arg_reduce(&self, op: ArgOp, layout: &Layout, dim: usize) -> OpenClStorage {
        reduce::arg_reduce(self, op, layout, dim)
    }

    fn matmul(
        &self,
        layout: &Layout,
        rhs: &OpenClStorage,
        rhs_layout: &Layout,
        bias: Option<&OpenClStorage>,
    ) -> OpenClStorage {
        matmul::matmul((self, layout), (rhs, rhs_layout), bias)
    }

    fn gather(
        &self,
        layout: &Layout,
        dim: usize,
        index: &OpenClStorage,
        index_layout: &Layout,
    ) -> Result<OpenClStorage> {
        Ok(index::gather((self, layout), dim, (index, index_layout)))
    }

    fn scatter(
        &mut self,
        layout: &Layout,
        dim: usize,
        index: &OpenClStorage,
        index_layout: &Layout,
        source: &OpenClStorage,
        source_layout: &Layout,
    ) -> Result<()> {
        index::scatter("scatter", (self, layout), dim, (index, index_layout), (source, source_layout));
        Ok(())
    }

    fn scatter_add(
        &mut self,
        layout: &Layout,
        dim: usize,
        index: &OpenClStorage,
        index_layout: &Layout,
        source: &OpenClStorage,
        source_layout: &Layout,
    ) -> Result<()> {
        index::scatter("scatter_add", (self, layout), dim, (index, index_layout), (source, source_layout));
        Ok(())
    }

    fn index_select(
        &self,
        layout: &Layout,
        dim: usize,
        index: &OpenClStorage,
        index_layout: &Layout,
    ) -> Result<OpenClStorage> {
        Ok(index::index_select((self, layout), dim, (index, index_layout)))
    }

    fn index_add(
        &mut self,
        layout: &Layout,
        dim: usize,
        index: &OpenClStorage,
        index_layout: &Layout,
        source: &OpenClStorage,
        source_layout: &Layout,
    ) -> Result<()> {
        let index_layout = index::repeated(index_layout, source_layout, dim);
        index::scatter("index_add", (self, layout), dim, (index, &index_layout), (source, source_layout));
        Ok(())
    }
}
