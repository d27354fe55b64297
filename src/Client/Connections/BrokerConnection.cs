using System.Buffers.Binary;
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
    private const int RoomForAnswers = 8 << 10;

    private readonly Stream _stream;
    private readonly KafkaClientOptions _options;
    private readonly NodeFigures _figures;
    private readonly ByteBudget _inFlight;
    private readonly Queue<RequestFrame> _outgoing = new();
    private readonly WakeSignal _sending = new();
    private readonly Queue<PendingReply> _pending = new();
    private readonly ITimer _alarm;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private Task _loops = Task.CompletedTask;
    private VersionRanges? _versions;
    private string? _end;
    private Exception? _endedBy;
    private int _lastCorrelationId;
    private TimeSpan _session;
    private long _authenticated;
    private long _armed = long.MaxValue;
    private bool _isRetired;

    private BrokerConnection(BrokerAddress address, Stream stream, KafkaClientOptions options, NodeFigures figures)
    {
        Address = address;
        _stream = stream;
        _options = options;
        _figures = figures;
        _figures.WasOpened();
        _inFlight = new ByteBudget(options.InFlightBytes);
        _alarm = options.Clock.CreateTimer(static connection => ((BrokerConnection)connection!).EndIfLate(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
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
        ReadFrame(api, frame, response, version);
        return frame;
    }

    /// <summary>The answer's frame, its correlation id in front.</summary>
    public async Task<byte[]> ExchangeAsync(ApiDescription api, short version, IMessage request, TimeSpan patience, CancellationToken cancellation) =>
        (await AskAsync(api, version, request, isPooled: false, patience, cancellation).ConfigureAwait(false)).Array;

    /// <summary>
    /// Sends a request without waiting for its answer, which <paramref name="reply"/> then tells; it is read by <see cref="Read"/>. The request
    /// is the caller's again when this returns.
    /// </summary>
    /// <exception cref="KafkaConnectionException">The connection ended.</exception>
    public async ValueTask PostAsync(ApiKey key, short version, IMessage request, PendingReply reply, TimeSpan patience, CancellationToken cancellation)
    {
        var api = ApiTable.Get(key);
        await PostAsync(RequestFrame.Write(api, version, _options.ClientId, request), reply, api, patience, isPooled: true, cancellation).ConfigureAwait(false);
    }

    /// <summary>Reads what <see cref="PostAsync(ApiKey, short, IMessage, PendingReply, TimeSpan, CancellationToken)"/> has asked for; the frame is given back where that fails.</summary>
    /// <exception cref="KafkaConnectionException">No answer came, or it cannot be read.</exception>
    public void Read(PendingReply reply, AnswerFrame? frame, IMessage response, short version)
    {
        if (frame is null) throw Missing(reply);
        ReadFrame(reply.Api, frame, response, version);
    }

    private void ReadFrame(ApiDescription api, AnswerFrame frame, IMessage response, short version)
    {
        try
        {
            ReadInto(response, frame.Bytes, api, version);
        }
        catch (Exception failure)
        {
            frame.Release();
            if (failure is not MalformedMessageException malformed) throw;
            End($"an answer to {api.Name} version {version} that cannot be read: {malformed.Message}", malformed);
            throw Ended();
        }
    }

    private async Task<AnswerFrame> AskAsync(ApiDescription api, short version, IMessage request, bool isPooled, TimeSpan patience, CancellationToken cancellation)
    {
        var reply = new PendingReply(continuesHere: false);
        await PostAsync(RequestFrame.Write(api, version, _options.ClientId, request), reply, api, patience, isPooled, cancellation).ConfigureAwait(false);
        AnswerFrame? frame;
        // A caller that gives up leaves its place in the line.
        using (cancellation.UnsafeRegister(static reply => ((PendingReply)reply!).Abandon(), reply)) frame = await reply.Frame.ConfigureAwait(false);
        if (reply.IsAbandoned) cancellation.ThrowIfCancellationRequested();
        return frame ?? throw Missing(reply);
    }

    private async ValueTask PostAsync(RequestFrame frame, PendingReply reply, ApiDescription api, TimeSpan patience, bool isPooled, CancellationToken cancellation)
    {
        try
        {
            // The reserve of a connection that ends is given back, so nobody waits here for ever.
            await _inFlight.AcquireAsync(frame.Length, cancellation).ConfigureAwait(false);
            Post(frame, reply.For(api, patience, isPooled, frame.Length));
        }
        catch
        {
            frame.Return();
            throw;
        }

        _sending.WakeHere();
    }

    private KafkaException Missing(PendingReply reply) =>
        reply.IsLate ? new KafkaTimeoutException(TooLate(reply), Address.ToString(), _endedBy) : Ended();

    private static string TooLate(PendingReply reply) => $"no answer to {reply.Api.Name} within {reply.Patience.TotalSeconds:0.###} s";

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

    private void Post(RequestFrame frame, PendingReply reply)
    {
        var now = _options.Clock.GetTimestamp();
        lock (_gate)
        {
            if (_end is null)
            {
                reply.Place(++_lastCorrelationId, now, reply.Patience < TimeSpan.Zero ? long.MaxValue : now + _options.Clock.TicksOf(reply.Patience));
                frame.Number(reply.CorrelationId);
                _pending.Enqueue(reply);
                _figures.Sends(frame.Length);
                _outgoing.Enqueue(frame);
                if (reply.Deadline < _armed) Arm(reply.Deadline, now);
                return;
            }
        }

        _inFlight.Release(frame.Length);
        throw Ended();
    }

    private void Arm(long deadline, long now)
    {
        _armed = deadline;
        // Timers count whole milliseconds, and one that rings just before its time would ring again and again.
        _alarm.Change(TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(_options.Clock.SpanOf(deadline - now).TotalMilliseconds))), Timeout.InfiniteTimeSpan);
    }

    /// <summary>The alarm: a request that is still waited for and past its deadline ends the connection.</summary>
    private void EndIfLate()
    {
        PendingReply? late = null;
        var now = _options.Clock.GetTimestamp();
        lock (_gate)
        {
            if (_end is not null) return;
            var next = long.MaxValue;
            foreach (var reply in _pending)
            {
                if (reply.IsAbandoned) continue;
                if (reply.Deadline <= now) (late ??= reply).IsLate = true;
                else next = Math.Min(next, reply.Deadline);
            }

            _armed = long.MaxValue;
            if (next < long.MaxValue) Arm(next, now);
        }

        if (late is not null) End(TooLate(late), new TimeoutException());
    }

    private async Task SendLoopAsync()
    {
        try
        {
            while (IsOpen)
            {
                await _sending.WaitAsync().ConfigureAwait(false);
                if (!TryTake(out var frame)) continue;
                do
                {
                    await _stream.WriteAsync(frame.Bytes, _closing.Token).ConfigureAwait(false);
                    frame.Return();
                }
                while (TryTake(out frame));

                await _stream.FlushAsync(_closing.Token).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            End($"sending failed: {failure.Message}", failure);
        }
    }

    private bool TryTake(out RequestFrame frame)
    {
        lock (_gate) return _outgoing.TryDequeue(out frame);
    }

    /// <summary>Answers are taken from what has come, as many as there are; what of a long one is still to come goes straight into its own array.</summary>
    private async Task ReceiveLoopAsync()
    {
        var (room, start, end) = (new byte[RoomForAnswers], 0, 0);
        try
        {
            while (true)
            {
                while (end - start < sizeof(int))
                {
                    room.AsSpan(start, end - start).CopyTo(room);
                    (start, end) = (0, end - start);
                    var received = await _stream.ReadAsync(room.AsMemory(end), _closing.Token).ConfigureAwait(false);
                    end += received > 0 ? received : throw new EndOfStreamException();
                }

                var length = BinaryPrimitives.ReadInt32BigEndian(room.AsSpan(start));
                start += sizeof(int);
                if (length < sizeof(int) || length > _options.ResponseBytes)
                {
                    End($"an answer of {length} bytes, where {sizeof(int)} to {_options.ResponseBytes} are possible; is it a Kafka broker, and is TLS expected there?", null);
                    return;
                }

                var frame = IsNextPooled() ? AnswerFrame.Rent(length) : AnswerFrame.Allocate(length);
                var have = Math.Min(length, end - start);
                room.AsSpan(start, have).CopyTo(frame.Array);
                start += have;
                while (have < length)
                {
                    var received = await _stream.ReadAsync(frame.Array.AsMemory(have, length - have), _closing.Token).ConfigureAwait(false);
                    have += received > 0 ? received : throw new EndOfStreamException();
                }

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
        _sending.Wake();
        _alarm.Dispose();
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
