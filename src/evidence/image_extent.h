/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a compressed part ends. Parts may be padded, and something else may follow,
 * which makes libarchive fail and forget what it has unpacked. Private.
 */
#pragma once

#include "evidence/image_stream.h"

/* Each gives the position behind the part that begins at `start`, or stream->end where
 * that cannot be told. */
uint64_t image_extent_zstd(struct image_stream *stream, uint64_t start);
uint64_t image_extent_lz4(struct image_stream *stream, uint64_t start);
uint64_t image_extent_xz(struct image_stream *stream, uint64_t start);
