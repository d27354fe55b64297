using System.Diagnostics;

namespace Moldau.Fuzz.Engine;

/// <summary>
/// Feeds one target until its time is up or it misbehaves: first the inputs that once broke it, then its seeds, then
/// mutations of both and of whatever led somewhere new. It works on a thread of its own, since a reader that hangs cannot
/// be stopped, only left behind.
/// </summary>
internal sealed class FuzzRun
{
    private const int MostCorpus = 256;

    // Even where a busy machine has used the time up before the code was compiled.
    private const int LeastMutations = 500;

    private readonly FuzzTarget _target;
    private readonly FuzzLimits _limits;
    private readonly IReadOnlyList<byte[]> _regressions;
    private readonly TimeSpan _budget;
    private readonly int _seed;
    private readonly InputJudge _judge;
    private readonly Novelty _novelty = new();
    private readonly List<byte[]> _corpus = [];

    private long _inputs;
    private long _accepted;
    private byte[] _current = [];
    private long _currentSince;
    private FuzzFinding? _finding;
    private Exception? _failure;

    public FuzzRun(FuzzTarget target, int seed, TimeSpan budget, IReadOnlyList<byte[]> regressions, FuzzLimits? limits = null)
    {
        _target = target;
        _limits = limits ?? FuzzLimits.Default;
        _regressions = regressions;
        _budget = budget;
        _seed = seed;
        _judge = new InputJudge(target, _limits);
    }

    public FuzzReport Execute()
    {
        Volatile.Write(ref _currentSince, Stopwatch.GetTimestamp());
        var thread = new Thread(Work) { IsBackground = true, Name = "fuzz " + _target.Name };
        thread.Start();
        while (!thread.Join(TimeSpan.FromMilliseconds(50)))
        {
            if (Stopwatch.GetElapsedTime(Volatile.Read(ref _currentSince)) <= _limits.Hang) continue;
            var input = Volatile.Read(ref _current);
            return Report(new FuzzFinding(_target.Name, $"has not come back after {_limits.Hang.TotalSeconds} s", input));
        }

        if (_failure is not null) throw new InvalidOperationException($"the fuzzer itself failed on {_target.Name}", _failure);
        return Report(_finding);
    }

    private FuzzReport Report(FuzzFinding? finding) =>
        new(_target.Name, _seed, Volatile.Read(ref _inputs), Volatile.Read(ref _accepted), _corpus.Count, finding);

    private void Work()
    {
        try
        {
            Feed();
        }
#pragma warning disable CA1031 // Handed to the thread that waits.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _failure = exception;
        }
    }

    private void Feed()
    {
        foreach (var input in _regressions)
        {
            if (!Try(input, isKept: true)) return;
        }

        foreach (var input in _target.Seeds(_seed))
        {
            if (!Try(input, isKept: true)) return;
        }

        var mutator = new Mutator(new Random(_seed), _limits.MaxInputLength);
        var started = Stopwatch.GetTimestamp();
        for (var mutations = 0; mutations < LeastMutations || Stopwatch.GetElapsedTime(started) < _budget; mutations++)
        {
            if (!Try(mutator.Next(_corpus), isKept: false)) return;
        }
    }

    private bool Try(byte[] input, bool isKept)
    {
        Volatile.Write(ref _current, input);
        Volatile.Write(ref _currentSince, Stopwatch.GetTimestamp());
        var problem = _judge.Judge(input);
        _inputs++;
        if (_judge.Refusal is null) _accepted++;
        if (problem is not null)
        {
            _finding = new FuzzFinding(_target.Name, problem, input);
            return false;
        }

        if (_novelty.Add(_target.Reached(_judge.Refusal)) || isKept)
        {
            if (_corpus.Count < MostCorpus) _corpus.Add(input);
        }

        return true;
    }
}
