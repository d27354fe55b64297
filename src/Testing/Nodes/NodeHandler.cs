using Moldau.Broker.Requests;
using Moldau.Protocol.Errors;

namespace Moldau.Testing.Nodes;

/// <summary>Answers as the node whose listener a request came by: refuses what another one coordinates, and tells of all of them.</summary>
internal sealed class NodeHandler : RequestHandler
{
    private readonly RequestHandler _inner;
    private readonly NodeSet _nodes;
    private readonly Action<Exchange> _finish;

    public NodeHandler(RequestHandler inner, NodeSet nodes)
    {
        (_inner, _nodes) = (inner, nodes);
        _finish = new NodeAnswers(nodes).Finish;
    }

    public override void Start(Exchange exchange)
    {
        if (_nodes.Server is null)
        {
            // The broker has just begun to listen, and does not know its addresses yet.
            exchange.HasReply = false;
            exchange.EndReason = "the embedded broker is starting";
            exchange.Complete();
            return;
        }

        if (!new CoordinatorKeys(_nodes, _nodes.NodeAt(exchange.Connection.Listener)).AreHere(exchange.Request))
        {
            exchange.Fail(ErrorCode.NotCoordinator, "another node is its coordinator");
            return;
        }

        exchange.Finishing = _finish;
        _inner.Start(exchange);
    }

    public override void Refuse(Exchange exchange, ErrorCode error, string? message) => _inner.Refuse(exchange, error, message);
}
