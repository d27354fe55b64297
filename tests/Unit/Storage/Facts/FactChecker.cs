using Moldau.Storage.Facts;

namespace Moldau.Unit.Storage.Facts;

/// <summary>
/// Remembers what a store told, and says where it contradicts itself: something acknowledged that is gone, something
/// refused that is there, a revision that went back, a watch that skips or repeats.
/// </summary>
internal sealed class FactChecker
{
    private readonly Dictionary<long, ModelState> _states = new() { [0] = ModelState.Empty };
    private readonly List<FactTransaction> _inDoubt = [];
    private ModelState _latest = ModelState.Empty;
    private long _lowest;

    public long Latest => _latest.Revision;

    public ICollection<string> Keys => _latest.Keys.Keys;

    public long ModRevisionOf(string key) => _latest.Keys.TryGetValue(key, out var entry) ? entry.Mod : 0;

    public void Take(IEnumerable<Submission> round)
    {
        foreach (var submission in round)
        {
            if (!submission.IsTold) _inDoubt.Add(submission.Transaction);
            else if (submission.Task.IsFaulted) Require(submission.Task.Exception!.InnerException is FactRefusedException, $"not a refusal: {submission.Task.Exception}");
            else Take(submission.Transaction, submission.Task.Result);
        }
    }

    /// <summary>The store after a restart: one of the states it may have come to, and from now on no other.</summary>
    public void TakeReopened(FactStore store)
    {
        var candidate = _latest;
        var passed = new List<ModelState>();
        foreach (var transaction in _inDoubt)
        {
            if (candidate.Revision >= store.Revision) break;
            var next = candidate.After(transaction);
            if (!ReferenceEquals(next, candidate)) passed.Add(next);
            candidate = next;
        }

        Require(candidate.Revision == store.Revision, $"revision {store.Revision} after a restart; {_latest.Revision} was told, {_inDoubt.Count} transactions are in doubt");
        foreach (var state in passed) Advance(state);
        _inDoubt.Clear();
        Check(store, store.LowestKept);
    }

    /// <summary>The revisions from one on, key by key.</summary>
    public void Check(FactStore store, long from)
    {
        Require(store.LowestKept >= _lowest, $"the lowest revision kept went back from {_lowest} to {store.LowestKept}");
        _lowest = store.LowestKept;
        Require(store.Revision == Latest, $"revision {store.Revision}, {Latest} was told last");
        for (var revision = from; revision <= Latest; revision++)
        {
            var found = FactCalls.Show(store.Read(revision));
            Require(found == _states[revision].Show(), $"revision {revision} is [{found}], it was [{_states[revision].Show()}]");
        }
    }

    public void CheckWatch(string prefix, long after, FactChanges read)
    {
        var expected = new List<string>();
        for (var revision = after; revision < read.Through; revision++) expected.AddRange(_states[revision].ChangesTo(_states[revision + 1], prefix));
        Require(string.Join(" ", expected) == FactCalls.Show(read), $"a watch of '{prefix}' after {after} says [{FactCalls.Show(read)}], not [{string.Join(" ", expected)}]");
    }

    private static void Require(bool holds, string fault)
    {
        if (!holds) throw new InvalidDataException(fault);
    }

    private void Take(FactTransaction transaction, FactOutcome outcome)
    {
        switch (outcome)
        {
            case FactOutcome.Applied applied:
                Require(_latest.Accepts(transaction), $"applied as {applied.Revision}, though a condition does not hold");
                var next = _latest.After(transaction);
                Require(next.Revision == applied.Revision, $"applied as {applied.Revision}, not as {next.Revision}");
                if (!ReferenceEquals(next, _latest)) Advance(next);
                break;
            case FactOutcome.Rejected rejected:
                Require(!_latest.Accepts(transaction), "rejected, though every condition holds");
                Require(rejected.Revision == Latest, $"rejected as of {rejected.Revision}, not {Latest}");
                foreach (var (key, entry) in rejected.Current) Require((entry?.ModRevision ?? 0) == ModRevisionOf(key), $"rejected with a wrong '{key}'");
                break;
            default:
                _inDoubt.Add(transaction);
                break;
        }
    }

    private void Advance(ModelState next) => _states[next.Revision] = _latest = next;
}
