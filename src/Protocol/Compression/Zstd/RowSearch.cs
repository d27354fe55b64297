namespace Moldau.Protocol.Compression.Zstd;

/// <summary>Candidates from rows of hashes.</summary>
internal readonly unsafe struct RowSearch(MatchContext context) : IMatchSearch
{
    private readonly MatchContext _context = context;
    private readonly RowTable _rows = context.Rows;

    public nint Find(byte* position, byte* end, out uint offset) => _rows.Find(_context, position, end, out offset);
}
