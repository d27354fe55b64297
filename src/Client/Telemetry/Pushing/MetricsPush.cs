using Microsoft.Extensions.Logging;
using Moldau.Client.Connections;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Client.Telemetry.Pushing;

/// <summary>
/// Pushes a client's metrics to brokers that ask for them (KIP-714), from its first producer or consumer on. It does what
/// <see cref="PushSchedule"/> says, on whichever connection is open; a broker that knows nothing of it is not asked, and nobody is told of failures.
/// </summary>
internal sealed class MetricsPush : IAsyncDisposable
{
    private readonly ClientCore _core;
    private readonly PushSchedule _schedule;
    private readonly StandardMetrics _metrics;
    private readonly ILogger _log;
    private readonly long _started;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _loop = Task.CompletedTask;
    private bool _isStarted;
    private bool _isUnknown;

    public MetricsPush(ClientCore core)
    {
        _core = core;
        _schedule = new PushSchedule(core.BackOff.Draw);
        _metrics = new StandardMetrics(core.Figures, core.Metadata, core.Options.Clock);
        _log = core.Options.LoggerFactory.CreateLogger("Moldau.Client");
        _started = core.Options.Clock.GetTimestamp();
    }

    private long Now => (long)_core.Options.Clock.GetElapsedTime(_started).TotalMilliseconds;

    /// <summary>Begins, where the options say so; called again it does nothing.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (!_core.Options.PushesMetrics || _isStarted || _closing.IsCancellationRequested) return;
            _isStarted = true;
            _loop = Task.Run(RunAsync, CancellationToken.None);
        }
    }

    /// <summary>The id that the cluster has given this client.</summary>
    /// <exception cref="KafkaException">The cluster gives none.</exception>
    public async Task<Uuid> InstanceIdAsync(CancellationToken cancellation)
    {
        if (!_core.Options.PushesMetrics) throw new InvalidOperationException("a client that pushes no metrics has no id; set PushesMetrics in its options");
        Start();
        // Nothing is asked before there is a connection.
        await _core.ClusterAsync(cancellation).ConfigureAwait(false);
        using var deadline = new CancellationTokenSource(_core.Options.OperationTimeout, _core.Options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation, _closing.Token);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (!_schedule.InstanceId.IsZero) return _schedule.InstanceId;
                if (_isUnknown || _schedule.IsOff) throw new KafkaException(ErrorCode.UnsupportedVersion, "the cluster gives clients no ids: its brokers know nothing of pushed metrics (KIP-714), or refuse them") { IsTransient = false };
                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException late) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested)
            {
                throw new KafkaTimeoutException($"no broker has given the client an id within {_core.Options.OperationTimeout.TotalSeconds:0.###} s", null, late);
            }
        }
    }

    /// <summary>Pushes once more where something was asked for, for as long as <see cref="KafkaClientOptions.CloseTimeout"/> allows.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        PushStep? last;
        lock (_gate) last = _schedule.End();
        if (last is null) return;
        // The rest is for the connections' own end.
        using var deadline = new CancellationTokenSource(_core.Options.CloseTimeout / 2, _core.Options.Clock);
        try
        {
            await DoAsync(PushStep.End, deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The broker has what was pushed before.
        }
    }

    private async Task RunAsync()
    {
        try
        {
            await _core.Figures.Connected.WaitAsync(_closing.Token).ConfigureAwait(false);
            while (true)
            {
                PushStep? step;
                long wait;
                lock (_gate) (step, wait) = (_schedule.Take(Now), _schedule.NextAt - Now);
                if (step is { } due) await DoAsync(due, _closing.Token).ConfigureAwait(false);
                else if (_schedule.IsOff) return;
                else await Task.Delay(TimeSpan.FromMilliseconds(Math.Max(1, wait)), _core.Options.Clock, _closing.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
        catch (ObjectDisposedException)
        {
            // The connections ended first.
        }
    }

    private async Task DoAsync(PushStep step, CancellationToken cancellation)
    {
        try
        {
            var connection = await _core.Pool.AnyAsync(_core.Metadata.Current, cancellation).ConfigureAwait(false);
            if (!connection.Has(ApiKey.GetTelemetrySubscriptions) || !connection.Has(ApiKey.PushTelemetry))
            {
                Settle(schedule => schedule.Failed(Now), isUnknown: true);
                return;
            }

            if (step == PushStep.Ask) await AskAsync(connection, cancellation).ConfigureAwait(false);
            else await PushAsync(connection, step == PushStep.End, cancellation).ConfigureAwait(false);
        }
        catch (KafkaException failure)
        {
            Unpushed(_log, failure.Message, null);
            Settle(schedule => schedule.Failed(Now));
        }
    }

    private async Task AskAsync(BrokerConnection connection, CancellationToken cancellation)
    {
        var request = new GetTelemetrySubscriptionsRequest { ClientInstanceId = _schedule.InstanceId };
        var version = connection.Choose(ApiKey.GetTelemetrySubscriptions);
        var answer = await connection.SendAsync<GetTelemetrySubscriptionsResponse>(ApiKey.GetTelemetrySubscriptions, version, request, _core.Options.RequestTimeout, cancellation).ConfigureAwait(false);
        Settle(schedule =>
        {
            if (answer.ErrorCode == ErrorCode.None) schedule.Subscribed(TelemetrySubscription.Of(answer), Now);
            else schedule.Refused(answer.ErrorCode, Now);
            schedule.Throttled(answer.ThrottleTimeMs, Now);
        });
        if (answer.ErrorCode != ErrorCode.None) Unpushed(_log, answer.ErrorCode.Name(), null);
    }

    private async Task PushAsync(BrokerConnection connection, bool isLast, CancellationToken cancellation)
    {
        var (subscription, codec) = (_schedule.Subscription!, _schedule.Codec);
        var request = new PushTelemetryRequest
        {
            ClientInstanceId = subscription.InstanceId, SubscriptionId = subscription.Id, Terminating = isLast, CompressionType = (sbyte)codec, Metrics = Payload(subscription, codec),
        };
        var version = connection.Choose(ApiKey.PushTelemetry);
        var answer = await connection.SendAsync<PushTelemetryResponse>(ApiKey.PushTelemetry, version, request, _core.Options.RequestTimeout, cancellation).ConfigureAwait(false);
        Settle(schedule =>
        {
            if (answer.ErrorCode == ErrorCode.None) schedule.Pushed(Now);
            else schedule.Refused(answer.ErrorCode, Now);
            schedule.Throttled(answer.ThrottleTimeMs, Now);
        });
        if (answer.ErrorCode == ErrorCode.None) _metrics.WasTaken();
        else Unpushed(_log, answer.ErrorCode.Name(), null);
    }

    private byte[] Payload(TelemetrySubscription subscription, CompressionType codec)
    {
        var now = _core.Options.Clock.GetUtcNow();
        var plain = MetricsData.Write(_metrics.Show(subscription, now), _core.Figures.Labels(), now, subscription.IsDelta);
        if (codec == CompressionType.None) return plain.ToArray();
        using var packed = new PooledBuffer();
        Codecs.Compress(codec, plain, packed, Codecs.CheckLevel(codec, null));
        return packed.WrittenSpan.ToArray();
    }

    private void Settle(Action<PushSchedule> what, bool isUnknown = false)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            what(_schedule);
            _isUnknown = isUnknown;
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }

    private static readonly Action<ILogger, string, Exception?> Unpushed = LoggerMessage.Define<string>(
        LogLevel.Debug, new EventId(2300), "metrics are not pushed now: {Reason}");
}
