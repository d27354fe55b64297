namespace Moldau.Protocol.Compression.Lz4;

/// <summary>Bytes of a block that were there before: <see cref="Length"/> bytes from <see cref="Start"/> repeat those <see cref="Offset"/> back.</summary>
internal struct Lz4Match
{
    public int Start;
    public int Length;
    public int Offset;
}
