namespace Moldau.Protocol.Compression.Zstd;

/// <summary>One state of a sequence table: the value it stands for and the way to the next state, in eight bytes.</summary>
internal struct SequenceCell
{
    public ushort NextState;
    public byte StateBits;
    public byte ExtraBits;
    public uint Baseline;
}
