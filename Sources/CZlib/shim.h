// gzip of zlib. Only Content imports this.
#include <zlib.h>

// The most bytes that `ramp_gzip` needs for the output of `count` bytes.
static inline unsigned long ramp_gzip_bound(unsigned long count) { return compressBound(count) + 32; }

// Writes `count` bytes as one gzip member without name and time. Gives its length, or -1 where there is no memory or room.
static inline long ramp_gzip(const unsigned char *bytes, unsigned int count, unsigned char *out, unsigned int room) {
  z_stream stream = {0};
  // 15 is the largest window, and 16 asks for gzip's frame. deflateInit2 is a macro, which Swift cannot call.
  if (deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK) return -1;
  stream.next_in = (unsigned char *)bytes;
  stream.avail_in = count;
  stream.next_out = out;
  stream.avail_out = room;
  int end = deflate(&stream, Z_FINISH);
  long length = (long)stream.total_out;
  deflateEnd(&stream);
  return end == Z_STREAM_END ? length : -1;
}
