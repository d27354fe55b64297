namespace Moldau.Bench.Harness;

/// <summary>Measures a row: both sides warm, then by turns, so that whatever the machine does meanwhile is done to both.</summary>
internal static class Measurement
{
    public static RowResult Of(Row row, int rounds)
    {
        var ours = new Sampler(row.Ours, row.Pace);
        var peer = row.Peer is null ? null : new Sampler(row.Peer, row.Pace);
        ours.WarmUp();
        peer?.WarmUp();

        var (ourTimes, peerTimes, ratios) = (new double[rounds], new double[rounds], new double[rounds]);
        for (var round = 0; round < rounds; round++)
        {
            ourTimes[round] = row.Unit.Of(ours.Sample());
            if (peer is null) continue;
            peerTimes[round] = row.Unit.Of(peer.Sample());
            ratios[round] = ourTimes[round] / peerTimes[round];
        }

        return new RowResult(
            row,
            Median(ourTimes),
            peer is null ? null : Median(peerTimes),
            peer is null ? null : Median(ratios),
            ours.BytesPerOperation());
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        var middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
