namespace Moldau.Bench.Harness;

/// <param name="Row">The row.</param>
/// <param name="Ours">The median over the rounds, in the row's unit.</param>
/// <param name="Peer">The peer's.</param>
/// <param name="Ratio">The median of the rounds' own ratios, ours to the peer's: two samples of one round saw the same machine.</param>
/// <param name="BytesPerOperation">What ours allocates each time.</param>
internal sealed record RowResult(Row Row, double Ours, double? Peer, double? Ratio, double BytesPerOperation)
{
    public bool? IsMet => Row.Goal.IsMet(Row.Unit, Ours, Ratio, BytesPerOperation);
}
