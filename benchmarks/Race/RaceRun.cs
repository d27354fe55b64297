using System.Diagnostics;

namespace Moldau.Bench.Race;

/// <summary>
/// Puts rows to the contenders: each warm by the row's own load until two turns agree, then by turns, the others stopped.
/// </summary>
/// <param name="rounds">How many turns each has.</param>
/// <param name="isQuick">Whether they are short.</param>
/// <param name="start">How a contender is started in a folder.</param>
internal sealed class RaceRun(int rounds, bool isQuick, Func<ContenderKind, string, Contender> start) : IDisposable
{
    private const double Agreement = 0.10;
    private const int MostWarmUps = 12;
    private const int MostQuickWarmUps = 3;
    private static readonly TimeSpan QuickTurn = TimeSpan.FromSeconds(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("moldau-race-").FullName;
    private readonly Dictionary<ContenderKind, Contender> _contenders = [];

    public RaceResult Measure(RaceRow row)
    {
        List<ContenderKind> kinds = [row.Ours];
        if (row.Peer is { } peer && (peer != ContenderKind.Kafka || Contenders.KafkaScript is not null)) kinds.Add(peer);
        var turn = isQuick && row.Turn > QuickTurn ? QuickTurn : row.Turn;
        var samples = kinds.ToDictionary(static kind => kind, static _ => new List<RaceSample>());
        foreach (var kind in kinds)
        {
            var contender = Alone(kind);
            row.Prepare?.Invoke(contender);
            if (row.Turns is null) WarmUp(row, contender, turn);
        }

        for (var round = 0; round < (row.Turns ?? (isQuick ? rounds : Math.Max(rounds, row.LeastRounds))); round++)
        {
            foreach (var kind in kinds)
            {
                var contender = Alone(kind);
                contender.ForgetPeak();
                var sample = row.Sample(contender, turn);
                sample[Metric.PeakMemory] = contender.PeakMiB;
                samples[kind].Add(sample);
            }
        }

        foreach (var kind in kinds) row.CleanUp?.Invoke(Alone(kind));
        // It knows no topics: the next row finds it empty.
        if (_contenders.Remove(ContenderKind.Limit, out var limit)) limit.Dispose();
        return new RaceResult(row, samples[row.Ours], kinds.Count > 1 ? samples[kinds[1]] : null);
    }

    public void Dispose()
    {
        foreach (var contender in _contenders.Values) contender.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void WarmUp(RaceRow row, Contender contender, TimeSpan turn)
    {
        var started = Stopwatch.GetTimestamp();
        var last = double.NaN;
        for (var i = 0; isQuick ? i < MostQuickWarmUps : i < MostWarmUps || Stopwatch.GetElapsedTime(started) < row.WarmUp; i++)
        {
            var sample = row.Sample(contender, turn);
            var value = double.IsNaN(sample[Metric.P50]) ? sample[Metric.RecordsPerSecond] : sample[Metric.P50];
            if (Math.Abs(value - last) <= last * Agreement && (isQuick || Stopwatch.GetElapsedTime(started) >= row.WarmUp)) return;
            last = value;
        }
    }

    /// <summary>It runs, and nobody else does.</summary>
    private Contender Alone(ContenderKind kind)
    {
        foreach (var (other, running) in _contenders)
        {
            if (other != kind) running.Pause();
        }

        if (!_contenders.TryGetValue(kind, out var contender))
        {
            contender = start(kind, Directory.CreateDirectory(Path.Combine(_folder, kind.ToString())).FullName);
            _contenders.Add(kind, contender);
            if (kind != ContenderKind.Limit) Topics.WaitUntilServed(contender);
        }

        contender.Resume();
        return contender;
    }
}
