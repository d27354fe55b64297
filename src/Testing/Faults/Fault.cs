using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Testing.Faults;

/// <summary>One thing that goes wrong, as often as it was asked for. Disposing it ends it early.</summary>
public sealed class Fault : IDisposable
{
    private readonly BrokerFaults _faults;
    private readonly TaskCompletionSource _hit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _first;
    private readonly int _times;
    private int _seen;
    private int _hits;

    internal Fault(BrokerFaults faults, ApiKey api, FaultKind kind, int first, int times)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(first, 1, "nth");
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        (_faults, Api, Kind, _first, _times) = (faults, api, kind, first, times);
    }

    /// <summary>Whose requests it meets.</summary>
    public ApiKey Api { get; }

    /// <summary>How often it has happened.</summary>
    public int Hits => Volatile.Read(ref _hits);

    /// <summary>Ends when it has happened for the first time.</summary>
    public Task Happened => _hit.Task;

    internal FaultKind Kind { get; }

    internal FaultMoment Moment { get; init; }

    internal ErrorCode Error { get; init; }

    internal TimeSpan Time { get; init; }

    public void Dispose() => _faults.Remove(this);

    /// <summary>Counts one request. Under the lock of all faults.</summary>
    /// <returns>Whether it is one that this happens to.</returns>
    internal bool Count()
    {
        _seen++;
        if (_seen < _first || _seen - _first >= _times) return false;
        Volatile.Write(ref _hits, _hits + 1);
        _hit.TrySetResult();
        return true;
    }
}
