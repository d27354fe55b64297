namespace Moldau.Bench.Race;

/// <summary>A line of the table.</summary>
internal sealed record RaceLine(
    string Row, string Metric, double Ours, double Least, double Most, double Peer, double Ratio, string Goal, bool? IsMet, string Beside, string Note);
