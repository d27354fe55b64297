using Moldau.Coordination.ShareStates;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Coordinators.ShareStates;

/// <summary>
/// A request to share coordinators, taken apart: its answer, with an empty row for each partition that it asks for, and what is
/// to be done for each.
/// </summary>
internal sealed class ShareStateQuestion
{
    private readonly List<ShareStateRow> _rows = [];

    private ShareStateQuestion(IMessage response) => Response = response;

    public IMessage Response { get; }

    public IReadOnlyList<ShareStateRow> Rows => _rows;

    /// <summary>Of a group without a name, and where a topic names no partitions, nothing is answered, as with Kafka.</summary>
    /// <param name="request">One of the five.</param>
    /// <param name="into">The response that gets the rows; null for a new one.</param>
    public static ShareStateQuestion Of(IMessage request, IMessage? into = null) => request switch
    {
        InitializeShareGroupStateRequest asked => Of(asked, into as InitializeShareGroupStateResponse ?? new()),
        ReadShareGroupStateRequest asked => Of(asked, into as ReadShareGroupStateResponse ?? new()),
        WriteShareGroupStateRequest asked => Of(asked, into as WriteShareGroupStateResponse ?? new()),
        DeleteShareGroupStateRequest asked => Of(asked, into as DeleteShareGroupStateResponse ?? new()),
        ReadShareGroupStateSummaryRequest asked => Of(asked, into as ReadShareGroupStateSummaryResponse ?? new()),
        _ => throw new ArgumentException($"{request.Name} is not for a share coordinator", nameof(request)),
    };

    private static ShareStateQuestion Of(InitializeShareGroupStateRequest request, InitializeShareGroupStateResponse response)
    {
        var question = new ShareStateQuestion(response);
        if (request.GroupId.Length == 0) return question;
        foreach (var topic in request.Topics)
        {
            if (topic.Partitions.Count == 0) return new ShareStateQuestion(new InitializeShareGroupStateResponse());
            var told = new InitializeShareGroupStateResponse.Topic { TopicId = topic.TopicId };
            response.Results.Add(told);
            foreach (var asked in topic.Partitions)
            {
                var key = new SharePartitionKey(request.GroupId, topic.TopicId, asked.Partition);
                var row = new InitializeShareGroupStateResponse.PartitionResult { Partition = asked.Partition };
                told.Partitions.Add(row);
                question._rows.Add(new ShareStateRow(key, (machine, outcome) => machine.Initialize(key, asked, row, outcome), (error, message) => (row.ErrorCode, row.ErrorMessage) = (error, message)));
            }
        }

        return question;
    }

    private static ShareStateQuestion Of(ReadShareGroupStateRequest request, ReadShareGroupStateResponse response)
    {
        var question = new ShareStateQuestion(response);
        if (request.GroupId.Length == 0) return question;
        foreach (var topic in request.Topics)
        {
            if (topic.Partitions.Count == 0) return new ShareStateQuestion(new ReadShareGroupStateResponse());
            var told = new ReadShareGroupStateResponse.Topic { TopicId = topic.TopicId };
            response.Results.Add(told);
            foreach (var asked in topic.Partitions)
            {
                var key = new SharePartitionKey(request.GroupId, topic.TopicId, asked.Partition);
                var row = new ReadShareGroupStateResponse.PartitionResult { Partition = asked.Partition };
                told.Partitions.Add(row);
                question._rows.Add(new ShareStateRow(key, (machine, outcome) => machine.Read(key, asked, row, outcome), (error, message) => (row.ErrorCode, row.ErrorMessage) = (error, message)));
            }
        }

        return question;
    }

    private static ShareStateQuestion Of(WriteShareGroupStateRequest request, WriteShareGroupStateResponse response)
    {
        var question = new ShareStateQuestion(response);
        if (request.GroupId.Length == 0) return question;
        foreach (var topic in request.Topics)
        {
            if (topic.Partitions.Count == 0) return new ShareStateQuestion(new WriteShareGroupStateResponse());
            var told = new WriteShareGroupStateResponse.Topic { TopicId = topic.TopicId };
            response.Results.Add(told);
            foreach (var asked in topic.Partitions)
            {
                var key = new SharePartitionKey(request.GroupId, topic.TopicId, asked.Partition);
                var row = new WriteShareGroupStateResponse.PartitionResult { Partition = asked.Partition };
                told.Partitions.Add(row);
                question._rows.Add(new ShareStateRow(key, (machine, outcome) => machine.Write(key, asked, row, outcome), (error, message) => (row.ErrorCode, row.ErrorMessage) = (error, message)));
            }
        }

        return question;
    }

    private static ShareStateQuestion Of(DeleteShareGroupStateRequest request, DeleteShareGroupStateResponse response)
    {
        var question = new ShareStateQuestion(response);
        if (request.GroupId.Length == 0) return question;
        foreach (var topic in request.Topics)
        {
            if (topic.Partitions.Count == 0) return new ShareStateQuestion(new DeleteShareGroupStateResponse());
            var told = new DeleteShareGroupStateResponse.Topic { TopicId = topic.TopicId };
            response.Results.Add(told);
            foreach (var asked in topic.Partitions)
            {
                var key = new SharePartitionKey(request.GroupId, topic.TopicId, asked.Partition);
                var row = new DeleteShareGroupStateResponse.PartitionResult { Partition = asked.Partition };
                told.Partitions.Add(row);
                question._rows.Add(new ShareStateRow(key, (machine, outcome) => machine.Delete(key, row, outcome), (error, message) => (row.ErrorCode, row.ErrorMessage) = (error, message)));
            }
        }

        return question;
    }

    private static ShareStateQuestion Of(ReadShareGroupStateSummaryRequest request, ReadShareGroupStateSummaryResponse response)
    {
        var question = new ShareStateQuestion(response);
        if (request.GroupId.Length == 0) return question;
        foreach (var topic in request.Topics)
        {
            if (topic.Partitions.Count == 0) return new ShareStateQuestion(new ReadShareGroupStateSummaryResponse());
            var told = new ReadShareGroupStateSummaryResponse.Topic { TopicId = topic.TopicId };
            response.Results.Add(told);
            foreach (var asked in topic.Partitions)
            {
                var key = new SharePartitionKey(request.GroupId, topic.TopicId, asked.Partition);
                var row = new ReadShareGroupStateSummaryResponse.PartitionResult { Partition = asked.Partition };
                told.Partitions.Add(row);
                question._rows.Add(new ShareStateRow(key, (machine, _) => machine.Summarize(key, row), (error, message) => (row.ErrorCode, row.ErrorMessage) = (error, message)));
            }
        }

        return question;
    }
}
