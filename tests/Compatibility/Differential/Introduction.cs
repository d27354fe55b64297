using Moldau.Broker.Requests;
using Moldau.Broker.Security;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Compatibility.Differential;

/// <summary>Who speaks, told to our broker by the name of the client's software: what is compared is what he may, not how he enters.</summary>
internal static class Introduction
{
    private const short WithSoftware = 3;

    public static RequestHandler Around(ApiKey api, RequestHandler handler) => api == ApiKey.ApiVersions ? new Believing(handler) : handler;

    public static async Task IntroduceAsync(BrokerConnection connection, string user)
    {
        var request = new ApiVersionsRequest { ClientSoftwareName = user, ClientSoftwareVersion = "user" };
        await connection.AskAsync(ApiTable.Get(ApiKey.ApiVersions), WithSoftware, MessageBytes.Write(request, WithSoftware));
    }

    private sealed class Believing(RequestHandler inner) : RequestHandler
    {
        public override void Start(Exchange exchange)
        {
            var request = (ApiVersionsRequest)exchange.Request;
            if (request.ClientSoftwareVersion == "user") exchange.Connection.Principal = new Principal(Principal.UserType, request.ClientSoftwareName);
            inner.Start(exchange);
        }

        public override void Refuse(Exchange exchange, ErrorCode error, string? message) => inner.Refuse(exchange, error, message);
    }
}
