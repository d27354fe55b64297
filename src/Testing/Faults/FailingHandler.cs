using Moldau.Broker.Requests;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Testing.Faults;

/// <summary>Answers with errors where a test asked for them.</summary>
internal sealed class FailingHandler(ApiKey api, RequestHandler inner, BrokerFaults faults) : RequestHandler
{
    public override void Start(Exchange exchange)
    {
        if (faults.MeetHandled(api) is { } fault) exchange.Fail(fault.Error, "a test wants this request to fail");
        else inner.Start(exchange);
    }

    public override void Refuse(Exchange exchange, ErrorCode error, string? message) => inner.Refuse(exchange, error, message);
}
