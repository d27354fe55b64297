using Moldau.Bench.Native;
using Moldau.Protocol.Compression;

namespace Moldau.Bench.Rows;

/// <summary>One of our codecs at one level, and the library that does the same.</summary>
/// <param name="Name">With the level, where there is one.</param>
/// <param name="Codec">Ours.</param>
/// <param name="Level">Ours.</param>
/// <param name="Library">The file the native one is in.</param>
/// <param name="Native">Opens it, at the level that matches.</param>
internal sealed record CodecRow(string Name, CompressionType Codec, int Level, string Library, Func<INativeCodec> Native);
