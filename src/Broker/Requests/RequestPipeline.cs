using Moldau.Broker.Network;
using Moldau.Broker.Quotas;
using Moldau.Broker.Security.Sasl;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Requests;

/// <summary>From a frame to a handler: the header, the table's row, the request, and what is wrong with any of them.</summary>
internal sealed class RequestPipeline(RequestHandlers handlers, NetworkLog log)
{
    // Above, the room that a request's lists have taken is let go of with it.
    private const int LargeFrame = 64 * 1024;

    /// <summary>Starts a request. Where it returns without an exception the exchange stands in the connection's line.</summary>
    /// <exception cref="FrameException">It is no request that this broker could answer.</exception>
    public void Start(Connection connection, ReadOnlyMemory<byte> frame, Chunk chunk)
    {
        if (connection.Session is { Stage: SaslStage.BareTokens })
        {
            StartToken(connection, frame, chunk);
            return;
        }

        var reader = new WireReader(frame, connection.Lane.Strings);
        try
        {
            var key = reader.ReadInt16("api key");
            var version = reader.ReadInt16("api version");
            var correlationId = reader.ReadInt32("correlation id");
            if (handlers.Find(key) is not { } row) throw Unknown(key, version);
            if (!row.Api.Serves(version) && !RequestHandlers.MayAnswer(row, version)) throw Unserved(row, version);
            var admission = connection.Session?.Admit(row.Api.Key, row.Api.Serves(version), connection.LastActive) ?? default;
            if (admission is { Reason: { } reason, IsAnswered: false }) throw Unadmitted(connection, reason);
            Start(connection, row, version, correlationId, admission.Reason, frame, ref reader, chunk);
        }
        catch (MalformedMessageException bad)
        {
            throw new FrameException(bad.Message);
        }
    }

    public void CouldNotAnswer(Exchange exchange, Exception fault) =>
        log.ReplyFailed(exchange.Api.Name, exchange.Version, exchange.Connection.Remote, fault);

    private static FrameException Unadmitted(Connection connection, string reason)
    {
        if (connection.Session is { Stage: SaslStage.Open }) connection.Listener.Authentication.CountExpired();
        else connection.Listener.Authentication.Count(succeeded: false, again: false);
        return new FrameException(reason);
    }

    /// <summary>What a handshake of version 0 has announced.</summary>
    private void StartToken(Connection connection, ReadOnlyMemory<byte> frame, Chunk chunk)
    {
        var row = handlers.Find((short)ApiKey.SaslAuthenticate)!;
        var exchange = connection.Lane.Exchanges.Take(row);
        exchange.BeginBare(connection);
        exchange.Figures.Begin(exchange.Version, frame.Length);
        ((SaslAuthenticateRequest)exchange.Request).AuthBytes = frame.ToArray();
        exchange.Frame = chunk;
        connection.Enter(exchange);
        Run(exchange);
    }

    /// <summary>With a refusal it is answered with an error, and the connection ends behind it.</summary>
    private void Start(
        Connection connection, ApiRow row, short version, int correlationId, string? refusal, ReadOnlyMemory<byte> frame, ref WireReader reader, Chunk chunk)
    {
        var clientId = reader.ReadNullableString(compact: false, "client id") ?? "";
        var exchange = connection.Lane.Exchanges.Take(row);
        exchange.Begin(connection, version, correlationId, clientId);
        exchange.IsLarge = frame.Length > LargeFrame && row.Api.Key != ApiKey.Produce;
        exchange.Figures.Begin(exchange.Version, frame.Length);
        if (row.Api.Serves(version))
        {
            if (version >= row.Api.FirstFlexibleVersion) SkipTags(ref reader);
            Read(exchange, frame, ref reader);
        }

        exchange.Frame = chunk;
        connection.Enter(exchange);
        if (refusal is not null)
        {
            Refuse(exchange, refusal);
            return;
        }

        var quotas = connection.Quotas;
        if (!quotas.IsOn)
        {
            Run(exchange);
            return;
        }

        if (row.Quota == QuotaKind.Produce) quotas.CountProduce(exchange, frame.Length);
        if (quotas.TimesRequests) RunTimed(exchange, quotas);
        else Run(exchange);
    }

    private static void Refuse(Exchange exchange, string reason)
    {
        var connection = exchange.Connection;
        connection.Listener.Authentication.Count(succeeded: false, again: connection.Session!.IsAgain);
        connection.Session.Refuse();
        exchange.EndReason = reason;
        exchange.Fail(ErrorCode.IllegalSaslState, reason);
        exchange.StartEnded = connection.Lane.Figures.Now;
        exchange.Wait();
    }

    /// <summary>
    /// What lies behind the request is passed over, as Kafka does: newer librdkafka leaves three bytes there when it asks
    /// for all topics.
    /// </summary>
    private static void Read(Exchange exchange, ReadOnlyMemory<byte> frame, ref WireReader reader)
    {
        if (exchange.Row.KeepsFrame)
        {
            // Its bytes stay views: of a copy of their own, since the chunk is the next frame's too.
            var copy = new WireReader(frame[reader.Position..].ToArray());
            exchange.Request.Read(ref copy, exchange.Version);
            return;
        }

        exchange.Request.Read(ref reader, exchange.Version);
    }

    private void RunTimed(Exchange exchange, ClientQuotas quotas)
    {
        var began = quotas.Timestamp();
        Run(exchange);
        // It is this connection's until its reply is written, which the lane does behind this.
        exchange.LaneTicks += quotas.Timestamp() - began;
    }

    private void Run(Exchange exchange)
    {
        try
        {
            exchange.Row.Admit(exchange);
            exchange.Row.Handler.Start(exchange);
        }
        catch (RequestRefusedException refused)
        {
            exchange.Fail(refused.Error, refused.Message);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            log.RequestFailed(exchange.Api.Name, exchange.Version, exchange.Connection.Remote, exchange.ClientId, fault);
            // What it had begun may end still, and must not meet the next request.
            exchange.State = null;
            exchange.Fail(ErrorCode.UnknownServerError, "the broker failed at this request; its log says how");
        }
        finally
        {
            exchange.StartEnded = exchange.Connection.Lane.Figures.Now;
            exchange.Wait();
        }
    }

    private static void SkipTags(ref WireReader reader)
    {
        var count = reader.ReadTagCount("header tags");
        for (var i = 0; i < count; i++)
        {
            reader.ReadUnsignedVarint("header tag");
            reader.SkipTo(reader.ReadTagEnd("header tag"));
        }
    }

    private static FrameException Unknown(short key, short version) => new(
        ApiTable.TryGet(key, out var api)
            ? $"{api.Name} (key {key}, version {version}), which this broker does not serve"
            : $"api key {key}, version {version}, which is not known");

    private static FrameException Unserved(ApiRow row, short version) =>
        new($"{row.Api.Name} version {version}; versions {row.Api.LowestVersion} to {row.Api.HighestVersion} are served");
}
