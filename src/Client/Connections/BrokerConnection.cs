using System.Buffers.Binary;
using System.Threading.Channels;
using Moldau.Client.Security;
using Moldau.Client.Telemetry;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Client.Connections;

/// <summary>
/// One open connection. Requests are sent one behind the other without waiting for answers, which come in the same order.
/// A caller that gives up leaves its request's place in line, so that the answers behind it still find theirs; a request
/// past its deadline ends the connection, since a broker that silent is not to be waited for again.
/// </summary>
internal sealed class BrokerConnection : IAsyncDisposable
{
    // How much of a session is used before the next begins.
    private const double SessionUse = 0.8;

    private readonly Stream _stream;
    private readonly KafkaClientOptions _options;
    private readonly NodeFigures _figures;
    private readonly ByteBudget _inFlight;
    private readonly Channel<RequestFrame> _outgoing = Channel.CreateUnbounded<RequestFrame>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Queue<PendingReply> _pending = new();
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private Task _loops = Task.CompletedTask;
    private VersionRanges? _versions;
    private string? _end;
    private Exception? _endedBy;
    private int _lastCorrelationId;
    private TimeSpan _session;
    private long _authenticated;
    private bool _isRetired;

    private BrokerConnection(BrokerAddress address, Stream stream, KafkaClientOptions options, NodeFigures figures)
    {
        Address = address;
        _stream = stream;
        _options = options;
        _figures = figures;
        _figures.WasOpened();
        _inFlight = new ByteBudget(options.InFlightBytes);
    }

    public BrokerAddress Address { get; }

    public bool IsOpen => Volatile.Read(ref _end) is null;

    /// <summary>
    /// Whether its session is about to end (KIP-368): another connection is to take its place. One that is authenticated anew
    /// would do too, but nothing may be sent on it meanwhile, and what waits on it has no end.
    /// </summary>
    public bool IsRetiring => _session > TimeSpan.Zero && _options.Clock.GetElapsedTime(_authenticated) > _session * SessionUse;

    /// <summary>Bytes of requests that were sent and not answered.</summary>
    public long BytesInFlight => _inFlight.Used;

    /// <summary>Takes the stream over and asks which versions its other side has.</summary>
    public static async Task<BrokerConnection> OpenAsync(BrokerAddress address, Stream stream, KafkaClientOptions options, NodeFigures figures, CancellationToken cancellation)
    {
        var connection = new BrokerConnection(address, stream, options, figures);
        try
        {
            connection._loops = Task.WhenAll(connection.SendLoopAsync(), connection.ReceiveLoopAsync());
            connection._versions = await VersionAgreement.RunAsync(connection, options, cancellation).ConfigureAwait(false);
            if (options.Sasl is not { } credentials) return connection;
            connection._session = await SaslLogin.RunAsync(connection, credentials, options, cancellation).ConfigureAwait(false);
            connection._authenticated = options.Clock.GetTimestamp();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public bool Has(ApiKey key) => _versions!.Has(key);

    public short Choose(ApiKey key, short highest = short.MaxValue) => _versions!.Choose(key, highest);

    /// <exception cref="KafkaConnectionException">The connection ended.</exception>
    /// <exception cref="KafkaTimeoutException">No answer came in time.</exception>
    public async Task<TResponse> SendAsync<TResponse>(ApiKey key, short version, IMessage request, TimeSpan patience, CancellationToken cancellation)
        where TResponse : IMessage, new()
    {
        var api = ApiTable.Get(key);
        var frame = await ExchangeAsync(api, version, request, patience, cancellation).ConfigureAwait(false);
        try
        {
            return Read<TResponse>(frame, api, version);
        }
        catch (MalformedMessageException malformed)
        {
            End($"an answer to {api.Name} version {version} that cannot be read: {malformed.Message}", malformed);
            throw Ended();
        }
    }

    /// <summary>
    /// The same for an answer whose bytes are used in place: <paramref name="response"/> is read from a pooled frame and holds
    /// views of it, until the caller gives the frame back.
    /// </summary>
    public async Task<AnswerFrame> SendPooledAsync(ApiKey key, short version, IMessage request, IMessage response, TimeSpan patience, CancellationToken cancellation)
    {
        var api = ApiTable.Get(key);
        var frame = await AskAsync(api, version, request, isPooled: true, patience, cancellation).ConfigureAwait(false);
        try
        {
            ReadInto(response, frame.Bytes, api, version);
            return frame;
        }
        catch (Exception failure)
        {
            frame.Release();
            if (failure is not MalformedMessageException malformed) throw;
            End($"an answer to {api.Name} version {version} that cannot be read: {malformed.Message}", malformed);
            throw Ended();
        }
    }

    /// <summary>The answer's frame, its correlation id in front.</summary>
    public async Task<byte[]> ExchangeAsync(ApiDescription api, short version, IMessage request, TimeSpan patience, CancellationToken cancellation) =>
        (await AskAsync(api, version, request, isPooled: false, patience, cancellation).ConfigureAwait(false)).Array;

    private async Task<AnswerFrame> AskAsync(ApiDescription api, short version, IMessage request, bool isPooled, TimeSpan patience, CancellationToken cancellation)
    {
        var frame = RequestFrame.Write(api, version, _options.ClientId, request);
        PendingReply reply;
        try
        {
            // The reserve of a connection that ends is given back, so nobody waits here for ever.
            await _inFlight.AcquireAsync(frame.Length, cancellation).ConfigureAwait(false);
            reply = Post(frame, api, isPooled);
        }
        catch
        {
            frame.Return();
            throw;
        }

        try
        {
            return await reply.Frame.WaitAsync(patience, _options.Clock, cancellation).ConfigureAwait(false) ?? throw Ended();
        }
        catch (TimeoutException late)
        {
            End($"no answer to {api.Name} within {patience.TotalSeconds:0.###} s", late);
            throw new KafkaTimeoutException($"no answer to {api.Name} within {patience.TotalSeconds:0.###} s", Address.ToString(), late);
        }
        catch (OperationCanceledException)
        {
            reply.Abandon();
            throw;
        }
    }

    /// <summary>Closes when the last answer has come.</summary>
    public void Retire()
    {
        lock (_gate)
        {
            _isRetired = true;
            if (_pending.Count > 0) return;
        }

        End("the client went on with another connection", null);
    }

    public async ValueTask DisposeAsync()
    {
        End("the client closed the connection", null);
        try
        {
            await _loops.WaitAsync(_options.CloseTimeout, _options.Clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The stream is disposed: what still hangs in it is its own affair, and holds nothing of ours.
        }
    }

    private static TResponse Read<TResponse>(byte[] frame, ApiDescription api, short version)
        where TResponse : IMessage, new()
    {
        var response = new TResponse();
        ReadInto(response, frame, api, version);
        return response;
    }

    private static void ReadInto(IMessage response, ReadOnlyMemory<byte> frame, ApiDescription api, short version)
    {
        var reader = new WireReader(frame);
        new ResponseHeader().Read(ref reader, api.ResponseHeaderVersion(version));
        MessageBytes.ReadInto(response, frame[reader.Position..], version);
    }

    private PendingReply Post(RequestFrame frame, ApiDescription api, bool isPooled)
    {
        lock (_gate)
        {
            if (_end is null)
            {
                var reply = new PendingReply(++_lastCorrelationId, api, frame.Length, isPooled, _options.Clock.GetTimestamp());
                frame.Number(reply.CorrelationId);
                _pending.Enqueue(reply);
                _figures.Sends(frame.Length);
                _outgoing.Writer.TryWrite(frame);
                return reply;
            }
        }

        _inFlight.Release(frame.Length);
        throw Ended();
    }

    private async Task SendLoopAsync()
    {
        try
        {
            while (await _outgoing.Reader.WaitToReadAsync(_closing.Token).ConfigureAwait(false))
            {
                while (_outgoing.Reader.TryRead(out var frame))
                {
                    await _stream.WriteAsync(frame.Bytes, _closing.Token).ConfigureAwait(false);
                    frame.Return();
                }

                await _stream.FlushAsync(_closing.Token).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            End($"sending failed: {failure.Message}", failure);
        }
    }

    private async Task ReceiveLoopAsync()
    {
        var prefix = new byte[sizeof(int)];
        try
        {
            while (true)
            {
                await _stream.ReadExactlyAsync(prefix, _closing.Token).ConfigureAwait(false);
                var length = BinaryPrimitives.ReadInt32BigEndian(prefix);
                if (length < sizeof(int) || length > _options.ResponseBytes)
                {
                    End($"an answer of {length} bytes, where {sizeof(int)} to {_options.ResponseBytes} are possible; is it a Kafka broker, and is TLS expected there?", null);
                    return;
                }

                var frame = IsNextPooled() ? AnswerFrame.Rent(length) : AnswerFrame.Allocate(length);
                await _stream.ReadExactlyAsync(frame.Array.AsMemory(0, length), _closing.Token).ConfigureAwait(false);
                if (!Deliver(frame)) return;
            }
        }
        catch (EndOfStreamException closed)
        {
            End("the broker closed the connection", closed);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            End($"receiving failed: {failure.Message}", failure);
        }
    }

    private bool IsNextPooled()
    {
        lock (_gate) return _pending.TryPeek(out var next) && next.IsPooled;
    }

    private bool Deliver(AnswerFrame frame)
    {
        var correlationId = BinaryPrimitives.ReadInt32BigEndian(frame.Array);
        PendingReply? reply;
        bool isLast;
        lock (_gate)
        {
            if (_pending.TryPeek(out reply) && reply.CorrelationId == correlationId) _pending.Dequeue();
            isLast = _isRetired && _pending.Count == 0;
        }

        if (reply?.CorrelationId != correlationId)
        {
            End($"an answer with correlation id {correlationId}, where {reply?.CorrelationId.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"} was due", null);
            return false;
        }

        _inFlight.Release(reply.RequestBytes);
        _figures.Answered(reply.Api, _options.Clock.GetElapsedTime(reply.SentAt), frame.Length);
        reply.Complete(frame);
        if (isLast) End("the client went on with another connection", null);
        return !isLast;
    }

    /// <summary>The first reason counts; everybody who waits is told.</summary>
    private void End(string reason, Exception? by)
    {
        PendingReply[] left;
        lock (_gate)
        {
            if (_end is not null) return;
            _endedBy = by;
            Volatile.Write(ref _end, reason);
            left = [.. _pending];
            _pending.Clear();
        }

        _figures.WasClosed(left.Length);
        _outgoing.Writer.TryComplete();
        _closing.Cancel();
        _stream.Dispose();
        foreach (var reply in left)
        {
            _inFlight.Release(reply.RequestBytes);
            reply.Complete(null);
        }
    }

    // A new one for each: an exception that several throw loses where each came from.
    private KafkaConnectionException Ended() => new(_end ?? "the connection ended", Address.ToString(), _endedBy);
}
