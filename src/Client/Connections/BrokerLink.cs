using Microsoft.Extensions.Logging;
using Moldau.Client.Security;
using Moldau.Client.Telemetry;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Primitives;

namespace Moldau.Client.Connections;

/// <summary>The way to one broker: its connection, made when it is needed and again after it ended, ever later while that fails.</summary>
internal sealed class BrokerLink(BrokerAddress address, KafkaClientOptions options, BackOff backOff, ClientFigures figures, ConnectionRole role, ILogger log, CancellationToken closing) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private BrokerConnection? _connection;
    private Task<BrokerConnection>? _connecting;
    private int _failures;
    private long _failedAt;

    /// <summary>Whether the next attempt would have to wait, since the last one failed.</summary>
    public bool IsDown
    {
        get
        {
            lock (_gate) return _failures > 0;
        }
    }

    public bool IsOpen
    {
        get
        {
            lock (_gate) return _connection is { IsOpen: true };
        }
    }

    /// <exception cref="KafkaConnectionException">It cannot be reached.</exception>
    public async Task<BrokerConnection> GetAsync(CancellationToken cancellation)
    {
        Task<BrokerConnection> connecting;
        lock (_gate)
        {
            if (_connection is { IsOpen: true, IsRetiring: false } open) return open;
            connecting = _connecting ??= Task.Run(ConnectAsync, CancellationToken.None);
        }

        return await connecting.WaitAsync(cancellation).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        BrokerConnection? connection;
        Task<BrokerConnection>? connecting;
        lock (_gate) (connection, connecting) = (_connection, _connecting);
        if (connecting is not null) await connecting.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).ConfigureAwait(false);
        lock (_gate) connection = _connection ?? connection;
        if (connection is not null) await connection.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<BrokerConnection> ConnectAsync()
    {
        try
        {
            var connection = await OpenAsync().ConfigureAwait(false);
            BrokerConnection? before;
            lock (_gate) (before, _connection, _connecting, _failures) = (_connection, connection, null, 0);
            before?.Retire();
            figures.IsConnected();
            return connection;
        }
        catch (Exception failure)
        {
            lock (_gate)
            {
                _connecting = null;
                _failures++;
                _failedAt = options.Clock.GetTimestamp();
            }

            ConnectFailed(log, address, failure.Message, null);
            throw;
        }
    }

    private async Task<BrokerConnection> OpenAsync()
    {
        await PauseAsync().ConfigureAwait(false);
        using var deadline = new CancellationTokenSource(options.ConnectTimeout, options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, closing);
        try
        {
            var stream = await options.Dial(address.Host, address.Port, either.Token).ConfigureAwait(false);
            if (options.Tls is { } tls) stream = await TlsStreams.OpenAsync(stream, address, tls, either.Token).ConfigureAwait(false);
            return await BrokerConnection.OpenAsync(address, stream, options, figures.Node(address, role), either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException late) when (deadline.IsCancellationRequested)
        {
            throw new KafkaConnectionException($"no connection within {options.ConnectTimeout.TotalSeconds:0.###} s", address.ToString(), late);
        }
        catch (OperationCanceledException ended) when (closing.IsCancellationRequested)
        {
            throw Closed(ended);
        }
        catch (MalformedMessageException strange)
        {
            throw new KafkaConnectionException($"what answers there does not speak Kafka's protocol: {strange.Message}", address.ToString(), strange);
        }
        catch (Exception failure) when (failure is not (KafkaException or OutOfMemoryException))
        {
            throw new KafkaConnectionException($"no connection: {failure.Message}; is a broker there, and its port right?", address.ToString(), failure);
        }
    }

    private KafkaException Closed(Exception ended) => new(ErrorCode.NetworkException, "the client is closed", address.ToString(), ended) { IsTransient = false, IsFatal = true };

    private async Task PauseAsync()
    {
        TimeSpan pause;
        lock (_gate) pause = _failures == 0 ? TimeSpan.Zero : backOff.After(_failures) - options.Clock.GetElapsedTime(_failedAt);
        if (pause <= TimeSpan.Zero) return;
        try
        {
            await Task.Delay(pause, options.Clock, closing).ConfigureAwait(false);
        }
        catch (OperationCanceledException ended)
        {
            throw Closed(ended);
        }
    }

    private static readonly Action<ILogger, BrokerAddress, string, Exception?> ConnectFailed = LoggerMessage.Define<BrokerAddress, string>(
        LogLevel.Debug, new EventId(2000), "no connection to {Broker}: {Reason}");
}
